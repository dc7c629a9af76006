"""How the work is done: a guide for each task of coordinators and tutors. It knows no facts."""
