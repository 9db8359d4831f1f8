# Golden covariances of estimates, contrasts between regions and a Wald test.
# In: households.csv, households_fpc.csv. Out: covariance_estimates.csv, covariance.csv, contrasts.csv, wald.csv.
source("common.R")

DESIGNS <- list(
  srs = function(h) svydesign(ids = ~1, weights = ~w, data = h),
  clustered = function(h) svydesign(ids = ~psu_unique, weights = ~w, data = h),
  stratified_clustered = function(h) svydesign(ids = ~psu_unique, strata = ~stratum, weights = ~w, data = h),
  two_stage_households = function(h) {
    svydesign(ids = ~psu_unique + household, strata = ~stratum, weights = ~w, fpc = ~N_psu + M_psu, data = h)
  })

# One column a statistic: name and linearised values before the weight.
columns <- function(h) {
  all <- rep(1, nrow(h))
  domains <- list(total = all)
  for (r in 1:6) domains[[paste0("region=", r)]] <- as.numeric(h$region == r)
  for (z in 1:2) domains[[paste0("zone=", z)]] <- as.numeric(h$zone == z)
  z <- list()
  value <- list()
  add <- function(statistic, indicator, domain, y, x) {
    name <- paste(statistic, indicator, if (domain == "total") "" else domain, sep = "|")
    total <- is.null(x)
    z[[name]] <<- if (total) y else linearised(h$w, y, x)
    value[[name]] <<- if (total) sum(h$w * y) else sum(h$w * y) / sum(h$w * x)
  }
  for (domain in names(domains)) {
    inside <- domains[[domain]]
    add("H", "", domain, inside * h$poor, inside)
    add("A", "", domain, inside * h$c, inside * h$poor)
    add("M0", "", domain, inside * h$c, inside)
  }
  for (domain in c("total", paste0("region=", 1:3))) {
    inside <- domains[[domain]]
    for (j in c("d1", "d2", "d10")) add("censored_headcount", j, domain, inside * h$poor * h[[j]], inside)
    add("percentage_contribution", "d1", domain, inside * h$poor * h$d1 * 3 / BASE, inside * h$c)
    add("poor", "", domain, inside * h$poor, NULL)
  }
  for (domain in paste0("region=", 1:2)) {
    inside <- domains[[domain]]
    add("M0_share", "", domain, inside * h$c, h$c)
    add("population_share", "", domain, inside, all)
  }
  list(z = do.call(cbind, z), estimate = unlist(value))
}

# Of survey itself: H and M0 of the regions by svyby, and the change of two of them by svycontrast.
largest_difference <- function(d, v) {
  worst <- 0
  for (statistic in c("H", "M0")) {
    formula <- if (statistic == "H") ~poor else ~c
    by <- svyby(formula, ~region, d, svymean, covmat = TRUE)
    names <- paste0(statistic, "||region=", 1:6)
    mine <- v[names, names]
    theirs <- unname(as.matrix(vcov(by)))
    scale <- sqrt(outer(diag(theirs), diag(theirs)))
    worst <- max(worst, abs(mine - theirs) / scale)
    contrast <- svycontrast(by, setNames(c(-1, 0, 1, 0, 0, 0), names(coef(by))))
    se <- sqrt(mine[1, 1] + mine[3, 3] - 2 * mine[1, 3])
    worst <- max(worst, abs(se / as.vector(SE(contrast)) - 1))
  }
  worst
}

# Differences of every pair of regions, second less first; df of the design's subset to the two.
contrasts_of <- function(d, estimate, v, statistic) {
  pairs <- combn(6, 2)
  out <- do.call(rbind, lapply(seq_len(ncol(pairs)), function(i) {
    a <- pairs[1, i]
    b <- pairs[2, i]
    names <- paste0(statistic, "||region=", c(a, b))
    part <- v[names, names]
    difference <- estimate[[names[2]]] - estimate[[names[1]]]
    se <- sqrt(part[1, 1] + part[2, 2] - 2 * part[1, 2])
    df <- degf(subset(d, region %in% c(a, b)))
    t <- difference / se
    data.frame(statistic, from = a, to = b, estimate = difference, se, t, df, p = 2 * pt(-abs(t), df))
  }))
  cbind(out, p_holm = p.adjust(out$p, "holm"), p_bh = p.adjust(out$p, "BH"))
}

# W = d' V^-1 d for the five differences from region 1.
wald_of <- function(d, estimate, v, statistic) {
  names <- paste0(statistic, "||region=", 1:6)
  L <- cbind(-1, diag(5))
  q <- nrow(L)
  delta <- as.vector(L %*% estimate[names])
  W <- as.vector(delta %*% solve(L %*% v[names, names] %*% t(L), delta))
  df <- degf(d)
  f <- c(W / q, W / q * (df - q + 1) / df)
  df2 <- c(df, df - q + 1)
  data.frame(statistic, convention = c("wald", "adjusted_wald"), W, q, F = f, df1 = q, df2, p = pf(f, q, df2, lower.tail = FALSE))
}

h <- with_unit(read_households("households_fpc.csv"), "person")
joint <- columns(h)
estimates <- data.frame(name = names(joint$estimate), estimate = joint$estimate)
covariance <- contrasts <- wald <- NULL
for (name in names(DESIGNS)) {
  d <- DESIGNS[[name]](h)
  v <- as.matrix(vcov(svytotal(joint$z, d)))
  dimnames(v) <- list(colnames(joint$z), colnames(joint$z))
  cat(name, "largest relative difference from svyby and svycontrast:", largest_difference(d, v), "\n")
  upper <- which(upper.tri(v, diag = TRUE), arr.ind = TRUE)
  covariance <- rbind(covariance, data.frame(design = name, name_a = rownames(v)[upper[, 1]],
                                             name_b = colnames(v)[upper[, 2]], covariance = v[upper]))
  for (statistic in c("H", "M0")) {
    contrasts <- rbind(contrasts, cbind(design = name, contrasts_of(d, joint$estimate, v, statistic)))
    wald <- rbind(wald, cbind(design = name, wald_of(d, joint$estimate, v, statistic)))
  }
}
write_table(estimates, "covariance_estimates.csv")
write_table(covariance, "covariance.csv")
write_table(contrasts, "contrasts.csv")
write_table(wald, "wald.csv")
