"""Are wrong coordinates told: one small table or GIS file for each mistake, many times, counted; and are right ones left alone."""
