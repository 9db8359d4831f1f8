# Golden values for mpi: a synthetic household file and its estimates by R's `survey`.
# In: nothing (the seed is below). Out, in the working directory: households.csv, households_single.csv,
# estimates.csv, beta_intervals.csv. Run: Rscript survey_golden.R
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail", warn = 1)

UNITS <- c(3, 3, 3, 3, 1, 1, 1, 1, 1, 1) # weights 1/6 and 1/18, in eighteenths
BASE <- 18
DIMENSION <- rep(c("health", "education", "living"), c(2, 2, 6))
INDICATORS <- paste0("d", 1:10)
POVERTY_CUTOFFS <- list("1/3" = c(1, 3), "1/2" = c(1, 2), "1/5" = c(1, 5))
PSUS <- c(2, 3, 3, 4, 5, 5, 6, 7, 8, 9, 10, 12) # PSUs of stratum 1, 2, ...

# Synthetic households

make_households <- function() {
  set.seed(20240917)
  stratum <- rep(seq_along(PSUS), PSUS)
  psu <- sequence(PSUS) # restarts in each stratum
  size <- sample(8:24, length(psu), replace = TRUE)
  h <- data.frame(stratum = rep(stratum, size), psu = rep(psu, size))
  n <- nrow(h)
  h$region <- ceiling(h$stratum / 2)
  # A third of the PSUs straddle two regions.
  straddles <- rep(runif(length(psu)) < 1 / 3, size) & runif(n) < 0.4
  h$region[straddles] <- h$region[straddles] %% 6 + 1
  h$zone <- rep(sample(1:2, length(psu), replace = TRUE, prob = c(0.6, 0.4)), size)
  mixed <- runif(n) < 0.05
  h$zone[mixed] <- 3 - h$zone[mixed]
  h$weight <- round(rep(rlnorm(length(psu), 4.5, 0.4), size) * runif(n, 0.6, 1.4), 3)
  h$weight[h$stratum == 5 & h$psu == 2] <- 0 # a PSU of the design without weight
  h$members <- sample(1:8, n, replace = TRUE, prob = c(10, 18, 20, 22, 14, 8, 5, 3))
  latent <- rep(rnorm(length(psu), 0, 0.6), size) + rnorm(n, 0, 0.8) + 0.12 * (h$region - 3.5) + 0.5 * (h$zone == 2)
  cutoff <- c(1.3, 1.6, 0.9, 1.4, 0.6, 0.4, 1.1, 0.8, 0.2, 1.0)
  for (j in seq_along(INDICATORS)) h[[INDICATORS[j]]] <- as.integer(latent + rnorm(n) > cutoff[j])
  # One cell where nobody is poor at any of the cutoffs: at most 3/18.
  none <- h$region == 1 & h$zone == 1
  h[none, INDICATORS[c(1:4, 8:10)]] <- 0L
  cbind(household = seq_len(n), h)
}

# Strata 11 and 12 keep one PSU each, and zone 2 of region 6 lies in them alone.
with_single_psus <- function(h) {
  h <- h[h$stratum < 11 | h$psu == 1, ]
  h$zone[h$region == 6] <- 1
  h$zone[h$stratum >= 11] <- 2
  h$region[h$stratum >= 11] <- 6
  h
}

# Scores and designs

score <- function(h, k) {
  units <- as.vector(as.matrix(h[INDICATORS]) %*% UNITS)
  h$poor <- as.integer(units * k[2] >= k[1] * BASE) # integers: floats must not settle who is poor
  h$c <- h$poor * units / BASE
  h
}

make_design <- function(name, h, unit) {
  h$w <- if (unit == "person") h$weight * h$members else h$weight
  h$psu_unique <- h$stratum * 100 + h$psu
  switch(name,
    srs = svydesign(ids = ~1, weights = ~w, data = h),
    stratified = svydesign(ids = ~1, strata = ~stratum, weights = ~w, data = h),
    clustered = svydesign(ids = ~psu_unique, weights = ~w, data = h),
    svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = h, nest = TRUE))
}

# Estimates of one domain

result <- function(statistic, estimate, se, deff = NA, dimension = "", indicator = "") {
  data.frame(statistic, dimension, indicator, estimate, se, deff)
}

means <- function(d) {
  v <- d$variables
  g <- as.matrix(v[INDICATORS])
  share <- sweep(g * v$poor, 2, UNITS / BASE, "*")
  dims <- unique(DIMENSION)
  by_dimension <- sapply(dims, function(m) rowSums(share[, DIMENSION == m]))
  x <- cbind(v$poor, v$c, g, g * v$poor, share, by_dimension)
  m <- svymean(x, d)
  statistic <- c("H", "M0", rep(c("uncensored_headcount", "censored_headcount"), each = 10),
                 rep("absolute_contribution", 13))
  # Column by column: with many at once survey estimates every covariance of the columns as well.
  deff <- c(sapply(1:22, function(j) attr(svymean(x[, j, drop = FALSE], d, deff = TRUE), "deff")), rep(NA, 13))
  result(statistic, as.vector(coef(m)), as.vector(SE(m)), deff,
         c("", "", rep(DIMENSION, 3), dims), c("", "", rep(INDICATORS, 3), "", "", ""))
}

ratio <- function(y, x, d) {
  r <- svyratio(as.matrix(y), as.matrix(x), d)
  list(estimate = as.vector(r$ratio), se = as.vector(sqrt(r$var)))
}

ratios <- function(d) {
  v <- d$variables
  share <- sweep(as.matrix(v[INDICATORS]) * v$poor, 2, UNITS / BASE, "*")
  dims <- unique(DIMENSION)
  by_dimension <- sapply(dims, function(m) rowSums(share[, DIMENSION == m]))
  a <- ratio(v$c, v$poor, d)
  p <- ratio(cbind(share, by_dimension), v$c, d)
  rbind(result("A", a$estimate, a$se),
        result("percentage_contribution", p$estimate, p$se, NA, c(DIMENSION, dims), c(INDICATORS, rep("", 3))))
}

number_of_poor <- function(d) {
  t <- svytotal(as.matrix(d$variables$poor), d)
  result("poor", as.vector(coef(t)), as.vector(SE(t)))
}

# svyciprop(method = "xlogit") for shares; t for the number of poor.
with_interval <- function(r, df) {
  t <- if (df > 0) qt(0.975, df) else NA
  l <- suppressWarnings(log(r$estimate / (1 - r$estimate)))
  half <- t * r$se / (r$estimate * (1 - r$estimate))
  total <- r$statistic == "poor"
  low <- ifelse(total, r$estimate - t * r$se, plogis(l - half))
  high <- ifelse(total, r$estimate + t * r$se, plogis(l + half))
  degenerate <- !total & !(is.finite(l) & r$se >= 1e-12)
  low[degenerate] <- NA
  high[degenerate] <- NA
  cbind(r[c("statistic", "dimension", "indicator", "estimate", "se")], ci_low = low, ci_high = high, df, deff = r$deff)
}

domain_estimates <- function(d, domain, totals) {
  r <- rbind(means(d), ratios(d), if (totals) number_of_poor(d))
  cbind(domain, with_interval(r, degf(d)))
}

# Shares of a region in the population and in M0: over the full design, with its degrees of freedom.
share_estimates <- function(d, region) {
  v <- d$variables
  inside <- as.numeric(v$region == region)
  p <- svymean(inside, d)
  m <- ratio(inside * v$c, v$c, d)
  r <- rbind(result("population_share", as.vector(coef(p)), as.vector(SE(p))), result("M0_share", m$estimate, m$se))
  cbind(domain = paste0("region=", region), with_interval(r, degf(d)))
}

design_estimates <- function(name, h, unit, k, cells) {
  options(survey.lonely.psu = sub("single_", "", if (startsWith(name, "single_")) name else "fail"))
  d <- make_design(name, score(h, POVERTY_CUTOFFS[[k]]), unit)
  totals <- name != "single_adjust" # survey 4.1-1 centres totals at 0 there, not at the grand mean
  out <- list(domain_estimates(d, "", totals))
  for (r in 1:6) {
    out <- c(out, list(domain_estimates(subset(d, region == r), paste0("region=", r), totals), share_estimates(d, r)))
    for (z in if (cells) 1:2) {
      cell <- paste0("region=", r, "|zone=", z)
      out <- c(out, list(domain_estimates(subset(d, region == r & zone == z), cell, totals)))
    }
  }
  cbind(design = name, unit, k, do.call(rbind, out))
}

beta_intervals <- function(h) {
  d <- make_design("stratified_clustered", score(h, POVERTY_CUTOFFS[["1/3"]]), "person")
  out <- lapply(1:6, function(r) {
    s <- subset(d, region == r)
    b <- svyciprop(~poor, s, method = "beta")
    ci <- attr(b, "ci")
    data.frame(region = r, estimate = as.vector(b), variance = as.vector(attr(b, "var")), n = nrow(s), df = degf(s),
               ci_low = ci[[1]], ci_high = ci[[2]])
  })
  do.call(rbind, out)
}

# Files

write_table <- function(x, path) {
  text <- as.data.frame(lapply(x, function(column) {
    if (!is.numeric(column)) return(column)
    ifelse(is.finite(column), sprintf("%.17g", column), "")
  }))
  write.table(text, path, sep = ",", row.names = FALSE, quote = FALSE, na = "")
}

h <- make_households()
single <- with_single_psus(h)
write.csv(h, "households.csv", row.names = FALSE, quote = FALSE)
write.csv(single, "households_single.csv", row.names = FALSE, quote = FALSE)

runs <- rbind(
  data.frame(name = "stratified_clustered", unit = c("person", "household"), k = "1/3", cells = TRUE),
  expand.grid(name = "stratified_clustered", unit = c("person", "household"), k = c("1/2", "1/5"), cells = FALSE),
  expand.grid(name = c("srs", "stratified", "clustered"), unit = c("person", "household"), k = "1/3", cells = FALSE),
  data.frame(name = paste0("single_", c("certainty", "adjust", "average", "average")),
             unit = c("person", "person", "person", "household"), k = "1/3", cells = c(FALSE, FALSE, TRUE, FALSE)))
estimates <- do.call(rbind, lapply(seq_len(nrow(runs)), function(i) {
  run <- lapply(runs[i, ], function(x) if (is.factor(x)) as.character(x) else x)
  file <- if (startsWith(run$name, "single_")) single else h
  design_estimates(run$name, file, run$unit, run$k, run$cells)
}))
write_table(estimates, "estimates.csv")
write_table(beta_intervals(h), "beta_intervals.csv")
