# Unit tests of src/tree.
