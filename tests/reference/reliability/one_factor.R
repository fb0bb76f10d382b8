# psych's minres stops early; one factor of correlations, minimised along its exact gradient.
one_factor <- function(r) {
  residual <- function(l) { d <- r - tcrossprod(l); diag(d) <- 0; d }
  fit <- list(par = rep(0.7, ncol(r)))
  for (again in 1:10) fit <- optim(fit$par, function(l) sum(residual(l)^2),
    function(l) as.vector(-4 * residual(l) %*% l), method = "BFGS",
    control = list(reltol = 1e-16, maxit = 5000))
  fit$par * sign(sum(fit$par))
}
