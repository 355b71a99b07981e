"""Documents for a desk: a run, a comparison or a sweep in, findings in words, then HTML, Word, PowerPoint and PDF."""
