# What the golden scripts share: the measure, estimates of one design by domain, files of 17 digits. Sourced by them.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail", warn = 1)

UNITS <- c(3, 3, 3, 3, 1, 1, 1, 1, 1, 1) # weights 1/6 and 1/18, in eighteenths
BASE <- 18
DIMENSION <- rep(c("health", "education", "living"), c(2, 2, 6))
INDICATORS <- paste0("d", 1:10)

# Poor at k = 1/3, in integers, and the censored score.
score <- function(h) {
  units <- as.vector(as.matrix(h[INDICATORS]) %*% UNITS)
  h$poor <- as.integer(units * 3 >= BASE)
  h$c <- h$poor * units / BASE
  h
}

read_households <- function(path = "households.csv") score(read.csv(path))

with_unit <- function(h, unit) {
  h$w <- if (unit == "person") h$weight * h$members else h$weight
  h
}

result <- function(statistic, estimate, se, dimension = "", indicator = "") {
  data.frame(statistic, dimension, indicator, estimate, se)
}

shares_of_score <- function(v) sweep(as.matrix(v[INDICATORS]) * v$poor, 2, UNITS / BASE, "*")

ratio <- function(y, x, d) {
  r <- svyratio(as.matrix(y), as.matrix(x), d)
  list(estimate = as.vector(r$ratio), se = as.vector(sqrt(r$var)))
}

# Every statistic of a design or of its subset; `size` counts each row's units, where the design's weights do not.
statistics <- function(d, size = NULL, totals = TRUE) {
  v <- d$variables
  g <- as.matrix(v[INDICATORS])
  x <- cbind(v$poor, v$c, g, g * v$poor, shares_of_score(v))
  if (is.null(size)) {
    s <- 1
    m <- svymean(x, d)
    m <- list(estimate = as.vector(coef(m)), se = as.vector(SE(m)))
  } else {
    s <- v[[size]]
    m <- ratio(x * s, s, d)
  }
  a <- ratio(v$c * s, v$poor * s, d)
  p <- ratio(shares_of_score(v) * s, v$c * s, d)
  names <- c("uncensored_headcount", "censored_headcount", "absolute_contribution")
  out <- rbind(
    result(c("H", "M0", rep(names, each = 10)), m$estimate, m$se, c("", "", rep(DIMENSION, 3)),
           c("", "", rep(INDICATORS, 3))),
    result("A", a$estimate, a$se),
    result("percentage_contribution", p$estimate, p$se, DIMENSION, INDICATORS))
  if (!totals) return(out)
  t <- svytotal(as.matrix(v$poor * s), d)
  rbind(out, result("poor", as.vector(coef(t)), as.vector(SE(t))))
}

# The total and the regions, each with the degrees of freedom of its subset.
by_region <- function(d, ...) {
  one <- function(part, domain) cbind(k = "1/3", domain, statistics(part, ...), df = degf(part))
  regions <- sort(unique(d$variables$region))
  rbind(one(d, ""), do.call(rbind, lapply(regions, function(r) one(subset(d, region == r), paste0("region=", r)))))
}

# Linearised value of the ratio sum(w y) / sum(w x), before the weight; 0 outside where y and x are 0.
linearised <- function(w, y, x) (y - sum(w * y) / sum(w * x) * x) / sum(w * x)

same <- function(a, b, tolerance = 1e-11) stopifnot(isTRUE(all.equal(a, b, tolerance = tolerance)))

write_table <- function(x, path) {
  text <- as.data.frame(lapply(x, function(column) {
    if (!is.numeric(column)) return(column)
    ifelse(is.finite(column), sprintf("%.17g", column), "")
  }), check.names = FALSE)
  write.table(text, path, sep = ",", row.names = FALSE, quote = FALSE, na = "")
}
