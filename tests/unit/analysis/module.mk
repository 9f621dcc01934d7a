# Tests of src/analysis/: they link $(ANALYSIS_LIBS).
