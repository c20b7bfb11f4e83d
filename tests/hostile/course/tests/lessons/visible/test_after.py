def test_anomalies(student):
    """Nothing is there that an earlier program left."""
    found = student.anomalies()
    assert found == [], ", ".join(found)
