# Reference values for sources of weights, by base R alone:
#   lmg.csv      Lindeman-Merenda-Gold importance as the mean over all orders of lm() R-squared,
#                plainly (6 predictors) and with orders that keep groups together (Owen's value)
#   varimax.csv  eigen() components above 1, stats::varimax, handbook weights
#   kendall.csv  Kendall's W from friedman.test, with ties
# Run in this folder: Rscript weight_sources.R
set.seed(20260)

permute <- function(x) {
  if (length(x) <= 1) return(list(x))
  out <- list()
  for (i in seq_along(x)) for (rest in permute(x[-i])) out[[length(out) + 1]] <- c(x[i], rest)
  out
}
n <- 200
common <- rnorm(n)
x <- sapply(1:6, function(j) 0.6 * common + rnorm(n) + 0.2 * j * (j %% 2) * common)
y <- as.vector(x %*% c(0.5, 0.3, 0, 0.4, 0.1, -0.2) + rnorm(n))
data <- data.frame(round(x, 4), y = round(y, 4))
names(data) <- c(paste0("x", 1:6), "y")
write.csv(data, "lmg_data.csv", row.names = FALSE)
r2 <- local({
  seen <- new.env()
  function(set) {
    if (!length(set)) return(0)
    key <- paste(sort(set), collapse = "+")
    if (is.null(seen[[key]])) {
      model <- lm(reformulate(sort(set), "y"), data)
      seen[[key]] <- summary(model)$r.squared
    }
    seen[[key]]
  }
})
importance <- function(orders) {
  total <- setNames(numeric(6), paste0("x", 1:6))
  for (order in orders) for (i in seq_along(order)) {
    gain <- r2(order[seq_len(i)]) - r2(order[seq_len(i - 1)])
    total[order[i]] <- total[order[i]] + gain
  }
  total / length(orders)
}
groups <- list(c("x1", "x2"), c("x3"), c("x4", "x5", "x6"))
together <- list()
for (g in permute(1:3)) {
  inner <- list(character(0))
  for (k in g) {
    grown <- list()
    for (head in inner) for (tail in permute(groups[[k]])) {
      grown[[length(grown) + 1]] <- c(head, tail)
    }
    inner <- grown
  }
  together <- c(together, inner)
}
write.csv(data.frame(predictor = paste0("x", 1:6),
                     lmg = format(importance(permute(paste0("x", 1:6))), digits = 15),
                     owen = format(importance(together), digits = 15)),
          "lmg.csv", row.names = FALSE)

f <- cbind(rnorm(n), rnorm(n), rnorm(n))
pattern <- matrix(c(.8, .1, 0, .7, .2, .1, .6, 0, .3, .1, .8, 0, 0, .7, .2, .2, .6, .1, 0, .1, .9,
                    .1, 0, .7), ncol = 3, byrow = TRUE)
z <- f %*% t(pattern) + 0.6 * matrix(rnorm(n * 8), n)
r <- cor(z)
e <- eigen(r)
kept <- which(e$values > 1)
a <- e$vectors[, kept] %*% diag(sqrt(e$values[kept]))
b <- unclass(varimax(a, normalize = TRUE, eps = 1e-13)$loadings)
squared <- b^2
explained <- colSums(squared)
own <- max.col(squared)
scaled <- sweep(squared, 2, explained, "/")
weight <- scaled[cbind(1:8, own)] * (explained / sum(explained))[own]
write.table(format(r, digits = 15), "varimax_correlation.csv", sep = ",", quote = FALSE,
            row.names = FALSE, col.names = FALSE)
write.csv(data.frame(weight = format(weight / sum(weight), digits = 15),
                     kept = length(kept)), "varimax.csv", row.names = FALSE)

points <- rbind(c(30, 20, 20, 20, 10), c(40, 20, 15, 15, 10), c(20, 20, 20, 20, 20),
                c(10, 30, 25, 25, 10), c(35, 25, 20, 10, 10), c(25, 25, 30, 10, 10))
test <- friedman.test(points)
w <- unname(test$statistic) / (nrow(points) * (ncol(points) - 1))
write.csv(data.frame(w = format(w, digits = 15),
                     chi2 = format(unname(test$statistic), digits = 15),
                     p = format(test$p.value, digits = 15)), "kendall.csv", row.names = FALSE)
writeLines(R.version.string, "version.txt")
