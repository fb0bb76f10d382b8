# Parameter tables of the model texts in texts.csv, by lavaan. Run from this folder: Rscript syntax.R
suppressPackageStartupMessages(library(lavaan))
texts <- read.csv("texts.csv")
tables <- lapply(seq_len(nrow(texts)), function(i) {
  case <- texts[i, ]
  orthogonal <- case$orthogonal == 1
  table <- suppressWarnings(lavaanify(
    case$text, ngroups = case$n_groups, std.lv = case$std_lv == 1, orthogonal = orthogonal,
    int.ov.free = TRUE, int.lv.free = FALSE, auto.fix.first = case$std_lv == 0,
    auto.fix.single = TRUE, auto.var = TRUE, auto.cov.lv.x = TRUE, auto.cov.y = TRUE,
    auto.th = TRUE, auto.delta = TRUE))
  # Equalities name the internal labels of two parameters; a class is named by its first member.
  class <- setNames(table$plabel, table$plabel)
  for (row in which(table$op == "==")) class[class == class[table$rhs[row]]] <- class[table$lhs[row]]
  named <- table[table$op != "==", ]
  data.frame(name = case$name, named[, c("lhs", "op", "rhs", "group")],
             free = as.integer(named$free > 0), value = named$ustart,
             class = unname(class[named$plabel]))
})
write.csv(do.call(rbind, tables), "syntax.csv", row.names = FALSE, quote = FALSE, na = "")
