# Reference values for tests/rating/answer_weights: run from this folder with  Rscript answer_weights.R
# R package survey (Lumley T. Journal of Statistical Software, 2004, 9(1), 1-19), version in
# answer_weights_versions.txt. Writes answer_weights_input.csv (respondents of four centres in two
# regions, made up), answer_weights_margins.csv and the expected values:
#   answer_weights_raked.csv   weights of every respondent after raking
#   answer_weights_moments.csv means of three questions in every centre and their covariance:
#     design    design weights, linearised (Taylor)
#     centre    raked to the margins of every centre, from design weights, residual linearisation
#     equal     the same from equal weights
#     region    raked to the margins of every region, from design weights, residual linearisation
#     fpc       design weights with finite-population correction
suppressMessages(library(survey))
set.seed(20261127)
sizes <- c(A1 = 60, A2 = 45, B1 = 80, B2 = 30)
visitors <- c(A1 = 400, A2 = 900, B1 = 1500, B2 = 120)
centre <- rep(names(sizes), sizes)
n <- length(centre)
d <- data.frame(centre, region = substr(centre, 1, 1),
                sex = sample(c("f", "m"), n, TRUE, c(.65, .35)),
                age = sample(c("0-29", "30-59", "60+"), n, TRUE, c(.25, .45, .3)),
                weight = round(exp(rnorm(n, 0, .4)), 3), visitors = visitors[centre])
shift <- .5 * (d$sex == "f") + .4 * (d$age == "60+") + .3 * (centre == "A1")
h <- rnorm(n)
for (k in c("a", "b", "c")) d[[k]] <- findInterval(shift + .7 * h + .7 * rnorm(n), c(-1, -.3, .3, 1)) + 1
write.csv(d, "answer_weights_input.csv", row.names = FALSE, quote = FALSE)

share <- list(sex = c(f = .5, m = .5), age = c("0-29" = .3, "30-59" = .5, "60+" = .2))
margins <- NULL
tilt <- function(p, k) { p <- p * seq(1, 1 + .2 * k, length.out = length(p)); p / sum(p) }
for (level in c("centre", "region")) for (i in seq_along(unique(d[[level]]))) for (trait in names(share)) {
  scope <- unique(d[[level]])[i]
  p <- tilt(share[[trait]], i)
  margins <- rbind(margins, data.frame(scope, trait, level = names(p), visitors = round(1000 * p)))
}
write.csv(margins, "answer_weights_margins.csv", row.names = FALSE, quote = FALSE)

pop <- function(scope, trait, total) {
  m <- margins[margins$scope == scope & margins$trait == trait, ]
  setNames(data.frame(m$level, total * m$visitors / sum(m$visitors)), c(trait, "Freq"))
}
out <- NULL
keep <- function(kind, centre, m) {
  v <- as.matrix(vcov(m)); e <- coef(m)
  for (i in 1:3) for (j in 1:3)
    out <<- rbind(out, data.frame(kind, centre, first = names(e)[i], second = names(e)[j],
                                  mean = e[[i]], cov = v[i, j]))
}
per_centre <- function(kind, design) for (one in names(sizes))
  keep(kind, one, svymean(~a + b + c, subset(design, centre == one)))

per_centre("design", svydesign(~1, strata = ~centre, weights = ~weight, data = d))
per_centre("fpc", svydesign(~1, strata = ~centre, weights = ~weight, data = d, fpc = ~visitors))

tight <- list(maxit = 500, epsilon = 1e-12, verbose = FALSE)
raked <- data.frame(row = seq_len(n) - 1)
for (base in c("design", "equal")) for (level in c("centre", "region")) {
  w <- rep(NA, n)
  for (scope in unique(d[[level]])) {
    here <- d[[level]] == scope
    x <- d[here, ]
    x$base <- if (base == "design") x$weight else 1
    x$sex <- factor(x$sex); x$age <- factor(x$age)
    design <- if (level == "centre") svydesign(~1, weights = ~base, data = x) else
      svydesign(~1, strata = ~centre, weights = ~base, data = x)
    total <- sum(x$base)
    fitted <- rake(design, list(~sex, ~age), list(pop(scope, "sex", total), pop(scope, "age", total)),
                   control = tight)
    w[here] <- weights(fitted)
    ps <- pop(scope, "sex", total)$Freq; pa <- pop(scope, "age", total)$Freq
    known <- c("(Intercept)" = total, sexm = ps[2], "age30-59" = pa[2], "age60+" = pa[3])
    greg <- calibrate(design, ~sex + age, known, calfun = "raking", epsilon = 1e-12, maxit = 500)
    stopifnot(max(abs(weights(greg) / weights(fitted) - 1)) < 1e-8)
    if (base == "design" || level == "centre") for (one in unique(x$centre))
      keep(if (base == "equal") "equal" else level, one, svymean(~a + b + c, subset(greg, centre == one)))
  }
  raked[[paste(base, level, sep = "_")]] <- w
}
write.csv(format(raked, digits = 15), "answer_weights_raked.csv", row.names = FALSE, quote = FALSE)
write.csv(format(out, digits = 15), "answer_weights_moments.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))), "answer_weights_versions.txt")
