# Quantiles of all nine types, k-means from given centres, the best of many starts, and
# hierarchical clusters, for tests/rating/star_rules.
#
# Run in this folder: Rscript stars.R
# Writes stars_input.csv (two samples) and stars_expected.csv.

set.seed(20260101)
samples <- list(
  eruptions = faithful$eruptions,            # 272 lengths of eruptions, many of them tied
  continuous = round(rnorm(150, 70, 8), 6)   # no ties
)
K <- 5
rows <- list()
add <- function(sample, statistic, values) {
  rows[[length(rows) + 1]] <<- data.frame(
    sample = sample, statistic = statistic, place = seq_along(values), value = values
  )
}
relabel <- function(cluster, x) rank(tapply(x, cluster, mean))[as.character(cluster)]

for (name in names(samples)) {
  x <- samples[[name]]
  for (type in 1:9) add(name, paste0("quantile_", type), quantile(x, (1:4) / 5, type = type))
  borders <- quantile(x, (1:4) / 5, type = 7)
  start <- tapply(x, findInterval(x, borders), median)
  lloyd <- kmeans(x, start, algorithm = "Lloyd", iter.max = 1000)
  add(name, "lloyd_start", as.numeric(start))
  add(name, "lloyd_centres", as.numeric(lloyd$centers))
  add(name, "lloyd_within", lloyd$tot.withinss)
  add(name, "lloyd_stars", lloyd$cluster)
  best <- kmeans(x, K, nstart = 5000, iter.max = 1000)
  add(name, "best_centres", sort(as.numeric(best$centers)))
  add(name, "best_within", best$tot.withinss)
}
x <- samples$continuous
for (method in c("ward.D2", "average", "complete")) {
  add("continuous", method, relabel(cutree(hclust(dist(x), method), K), x))
}
input <- do.call(rbind, lapply(names(samples), function(n) data.frame(sample = n, x = samples[[n]])))
write.csv(input, "stars_input.csv", row.names = FALSE, quote = FALSE)
expected <- do.call(rbind, rows)
expected$value <- sprintf("%.15g", expected$value)
write.csv(expected, "stars_expected.csv", row.names = FALSE, quote = FALSE)
writeLines(R.version.string, "stars_versions.txt")
