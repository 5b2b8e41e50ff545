try snippet()
print("---")
try stream()
try batch()
