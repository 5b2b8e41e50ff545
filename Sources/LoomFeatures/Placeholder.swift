// LoomFeatures
