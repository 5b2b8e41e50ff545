// LoomNormalization
