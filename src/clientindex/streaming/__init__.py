"""One pass over survey files of any size: counted piece by piece, in bounded memory."""

from clientindex.streaming.accumulate import Accumulator
from clientindex.streaming.job import CountingJob
from clientindex.streaming.local import LocalEngine
from clientindex.streaming.survey import Engine, SurveyCounter

__all__ = ["Accumulator", "CountingJob", "Engine", "LocalEngine", "SurveyCounter"]
