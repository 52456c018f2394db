import gc

gc.disable()  # until all is collected: looking for rubbish takes five of twelve seconds
