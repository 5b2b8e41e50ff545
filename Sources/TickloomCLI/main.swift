print("tickloom")
