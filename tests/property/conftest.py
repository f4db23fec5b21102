from hypothesis import settings

# A busy machine is slow, which is no fault of the code; what failed once is found again by its printed example.
settings.register_profile("index", deadline=None, max_examples=100, database=None)
settings.load_profile("index")
