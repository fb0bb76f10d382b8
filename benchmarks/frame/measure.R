# Run one task of an area's script as frame/child.py does: load, then look at clock and memory.
#   Rscript AREA.R TASK FOLDER OUT RESPONDENTS CENTRES REPEATS BUDGET
# A task is a function(folder, n, centres) that loads and returns list(run=, numbers=). OUT: seconds
# of every run; processor seconds; MB held before and at the peak; then the numbers.
options(digits = 17, warn = -1, mc.cores = 1)
read_status <- function(key) {
  lines <- tryCatch(readLines("/proc/self/status"), error = function(e) character())
  line <- grep(paste0("^", key, ":"), lines, value = TRUE)
  if (length(line)) as.numeric(gsub("[^0-9]", "", line)) / 1024 else NA
}
read_answers <- function(folder, n, type = "integer") {
  k <- as.integer(readLines(file.path(folder, "columns.txt")))
  size <- if (type == "integer") 1 else 8
  matrix(readBin(file.path(folder, "answers.bin"), type, n * k, size = size,
    signed = type != "integer"), n)
}
read_rows <- function(folder) {
  path <- file.path(folder, "drawn_rows.bin")
  readBin(path, "integer", file.size(path) / 4, size = 4) + 1L
}
measure <- function(tasks) {
  a <- commandArgs(trailingOnly = TRUE)
  n <- as.integer(a[4]); centres <- as.integer(a[5])
  set.seed(1)
  task <- suppressMessages(tasks[[a[1]]](a[2], n, centres))
  invisible(gc())
  try(cat("5", file = "/proc/self/clear_refs"), silent = TRUE)
  held <- read_status("VmRSS"); clock <- c(); processor <- c()
  sink(nullfile())
  while (length(clock) < as.integer(a[6]) && sum(clock) < as.numeric(a[7])) {
    spent <- suppressMessages(system.time(found <- task$run()))
    clock <- c(clock, spent[["elapsed"]])
    processor <- c(processor, spent[["user.self"]] + spent[["sys.self"]])
    if (length(clock) == 1) peak <- read_status("VmHWM")
  }
  numbers <- task$numbers(found)
  sink()
  say <- function(x) paste(format(x, digits = 17, trim = TRUE), collapse = " ")
  writeLines(c(say(clock), say(processor), say(c(held, peak)), say(as.numeric(numbers))), a[3])
}
