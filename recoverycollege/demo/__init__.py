"""A made-up college with two years of life in it, to look at and to try things on."""

from recoverycollege.demo.loading import HoldsRealCollege, is_loaded, load
from recoverycollege.demo.tutors import SIGN_INS, SignIn

__all__ = ["SIGN_INS", "HoldsRealCollege", "SignIn", "is_loaded", "load"]
