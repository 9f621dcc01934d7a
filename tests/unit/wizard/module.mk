# Unit tests of src/wizard.
