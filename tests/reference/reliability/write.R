# Shared by the scripts of this folder: tables with all 17 digits, and the versions of packages.
write <- function(x, name) {
  for (column in names(x)) if (is.double(x[[column]]))
    x[[column]] <- ifelse(is.na(x[[column]]), "NA", sprintf("%.17g", x[[column]]))
  write.csv(x, paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
}
record_versions <- function(...) {
  known <- if (file.exists("versions.txt")) readLines("versions.txt") else character()
  packages <- c(...)
  here <- c(R.version.string, paste(packages, sapply(packages, function(p) as.character(packageVersion(p)))))
  known <- known[!(sub(" .*", "", known) %in% sub(" .*", "", here))]
  writeLines(sort(c(known, here)), "versions.txt")
}
