dist_man_MANS += man/earshot.1 man/earshot.conf.5 man/earshot-findings.7 man/earshot-tree.5 man/earshot-capture.8
