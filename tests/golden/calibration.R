# Golden values with calibrated weights: post-stratification, GREG and raking, of households and of persons.
# In: households.csv. Out: households_calibrated.csv, persons_calibrated.csv, calibration.csv.
source("common.R")

make_households <- function() {
  set.seed(53)
  h <- read_households()
  h$psu_unique <- h$stratum * 100 + h$psu
  # survey divides by the design weight: no zeros here.
  h$weight[h$weight == 0] <- 60.5
  h$N_psu <- c(5, 7, 3, 13, 17, 9, 36, 22, 29, 17, 50, 40)[h$stratum]
  # Calibration variables that go with poverty, so that they move the errors.
  noisy <- ifelse(runif(nrow(h)) < 0.15, 1 - h$poor, h$poor)
  h$poststratum <- paste0("p", 1 + 2 * noisy + (runif(nrow(h)) < 0.5))
  h$young <- rbinom(nrow(h), h$members, 0.15 + 0.35 * h$poor)
  h$adult <- h$members - h$young
  h$head <- ifelse(runif(nrow(h)) < 0.15 + 0.5 * h$poor, "f", "m")
  h$tenure <- sample(c("owner", "tenant", "other"), nrow(h), replace = TRUE, prob = c(6, 3, 1))
  h$one <- 1
  h
}

make_persons <- function(h) {
  set.seed(59)
  p <- h[rep(seq_len(nrow(h)), h$members), ]
  p$sex <- sample(c("f", "m"), nrow(p), replace = TRUE)
  child <- runif(nrow(p)) < 0.1 + 0.5 * p$poor
  p$age <- ifelse(child, "a0", sample(c("a15", "a65"), nrow(p), replace = TRUE, prob = c(6, 1)))
  p$cell <- paste0(p$sex, p$age)
  p
}

# Totals of the population: those of the sample, moved by some per cent.
moved <- function(formula, data, weight) {
  x <- model.matrix(formula, data)
  t <- colSums(x * weight)
  t * (1 + 0.15 * sin(seq_along(t)))
}

calibrated <- function(d, formula, data, calfun) {
  calibrate(d, formula, population = moved(formula, data, data$weight), calfun = calfun, epsilon = 1e-13, maxit = 200)
}

BASES <- list(
  stratified_clustered = function(h) svydesign(ids = ~psu_unique, strata = ~stratum, weights = ~weight, data = h),
  stratified_clustered_fpc = function(h) {
    svydesign(ids = ~psu_unique, strata = ~stratum, weights = ~weight, fpc = ~N_psu, data = h)
  },
  stratified = function(h) svydesign(ids = ~household, strata = ~stratum, weights = ~weight, data = h),
  srs = function(h) svydesign(ids = ~household, weights = ~weight, data = h))

# Formula, calibration function, base design: no constant but where the variables do not add up to it.
HOUSEHOLD <- list(
  poststratified = list(~factor(poststratum) - 1, "linear", "stratified_clustered"),
  greg = list(~one + young + adult - 1, "linear", "stratified_clustered"),
  greg_fpc = list(~one + young + adult - 1, "linear", "stratified_clustered_fpc"),
  greg_stratified = list(~one + young + adult - 1, "linear", "stratified"),
  greg_srs = list(~one + young + adult - 1, "linear", "srs"),
  raked = list(~factor(head) + factor(tenure), "raking", "stratified_clustered"))
PERSON <- list(
  person_poststratified = list(~factor(cell) - 1, "linear", "stratified_clustered"),
  person_raked = list(~factor(sex) + factor(age), "raking", "stratified_clustered"),
  person_households = list(~factor(cell) - 1, "linear", "stratified"))

# By hand: g d (u - B (sum d B B')^-1 sum d B u), the formula of our engine, against survey's variance.
check_residuals <- function(d, formula, data) {
  w <- weights(d)
  u <- linearised(w, data$poor, rep(1, nrow(data)))
  b <- model.matrix(formula, data)
  e <- u - as.vector(b %*% solve(crossprod(b * data$weight, b), crossprod(b * data$weight, u)))
  plain <- d
  plain$postStrata <- NULL
  same(as.vector(vcov(svytotal(as.matrix(e), plain))), as.vector(vcov(svymean(~poor, d))), 1e-9)
}

# postStratify is another way to the same values.
check_poststratify <- function(h, d) {
  totals <- as.data.frame(xtabs(weights(d) ~ poststratum, h), responseName = "Freq")
  other <- postStratify(BASES$stratified_clustered(h), ~poststratum, totals)
  for (part in list(list(other, d), list(subset(other, region == 2), subset(d, region == 2)))) {
    same(as.vector(SE(svymean(~poor, part[[1]]))), as.vector(SE(svymean(~poor, part[[2]]))), 1e-9)
  }
}

h <- make_households()
p <- make_persons(h)
out <- list()
for (name in names(HOUSEHOLD)) {
  spec <- HOUSEHOLD[[name]]
  d <- calibrated(BASES[[spec[[3]]]](h), spec[[1]], h, spec[[2]])
  check_residuals(d, spec[[1]], h)
  if (name == "poststratified") check_poststratify(h, d)
  h[[paste0("w_", name)]] <- weights(d)
  out <- c(out, list(cbind(design = name, unit = "person", by_region(d, size = "members")),
                     cbind(design = name, unit = "household", by_region(d))))
}
for (name in names(PERSON)) {
  spec <- PERSON[[name]]
  d <- calibrated(BASES[[spec[[3]]]](p), spec[[1]], p, spec[[2]])
  check_residuals(d, spec[[1]], p)
  p[[paste0("w_", name)]] <- weights(d)
  out <- c(out, list(cbind(design = name, unit = "person", by_region(d))))
}
stopifnot(isTRUE(all.equal(h$w_greg, h$w_greg_srs)), all(p$w_person_poststratified > 0), all(h$w_greg > 0))

same(h$w_greg_srs, h$w_greg)
same(h$w_greg_stratified, h$w_greg)
same(p$w_person_households, p$w_person_poststratified)
same_weights <- c("w_greg_fpc", "w_greg_stratified", "w_greg_srs")
write_table(h[!(names(h) %in% c("poor", "c", same_weights))], "households_calibrated.csv")
keep <- c("household", "stratum", "psu", "psu_unique", "region", "weight", INDICATORS, "sex", "age", "cell",
          "w_person_poststratified", "w_person_raked")
write_table(p[keep], "persons_calibrated.csv")
write_table(do.call(rbind, out), "calibration.csv")
# What the calibrated weights, taken as fixed, would give: the calibration matters in these values.
naive <- svydesign(ids = ~psu_unique, strata = ~stratum, weights = ~w_poststratified, data = h)
cat("H, poststratified: SE", out[[1]]$se[1], "with weights taken as fixed", SE(svyratio(~I(members * poor), ~members, naive)), "\n")
