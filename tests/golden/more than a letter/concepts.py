ANSWERS = {"what-it-solves": "A", "query": "D) what it looks for"}
EXPLANATIONS = {}
