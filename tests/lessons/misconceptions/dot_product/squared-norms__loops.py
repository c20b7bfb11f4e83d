def cosine_similarity(u, v):
    top, u_squared, v_squared = 0.0, 0.0, 0.0
    for a, b in zip(u, v):
        top, u_squared, v_squared = top + a * b, u_squared + a**2, v_squared + b**2
    return 0.0 if u_squared == 0 or v_squared == 0 else float(top / u_squared / v_squared)
