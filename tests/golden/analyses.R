# Golden values of analyses: figures of patterns, formulas over them by svycontrast, and a relative income line.
source("common.R")

h <- with_unit(read_households(), "person")
set.seed(18)
effect <- rnorm(74, sd = 0.3)[as.integer(factor(100 * h$stratum + h$psu))]
h$income <- round(exp(6 + effect + rnorm(nrow(h), sd = 0.6)), 2) # synthetic
write.csv(h[c("household", "income")], "analyses_income.csv", row.names = FALSE, quote = FALSE)

h$units <- as.vector(as.matrix(h[INDICATORS]) %*% UNITS)
h$score <- h$units / BASE
h$one <- 1
for (name in unique(DIMENSION)) h[[name]] <- as.integer(rowSums(h[INDICATORS[DIMENSION == name]]) > 0)
h$count <- h$health + h$education + h$living
BANDS <- list(not_vulnerable = h$units * 5 < BASE, vulnerable = h$units * 5 >= BASE & h$units * 3 < BASE,
              poor_not_severe = h$units * 3 >= BASE & h$units * 2 < BASE, severe = h$units * 2 >= BASE)
for (name in names(BANDS)) h[[name]] <- as.integer(BANDS[[name]])
design <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = h, nest = TRUE)

row <- function(analysis, domain, figure, part, estimate, se) {
  data.frame(analysis, domain, figure, part, estimate = as.vector(estimate), se = as.vector(se))
}

# Means of named columns, and formulas over them.
over <- function(d, columns, formulas) {
  m <- svymean(columns, d)
  lapply(formulas, function(f) { r <- svycontrast(m, f); c(as.vector(coef(r)), as.vector(SE(r))) })
}

pair <- function(d, i, j, domain, censored) {
  v <- d$variables
  s <- if (censored) v$poor else 1
  a <- v[[i]] * s
  b <- v[[j]] * s
  x <- cbind(j = a * b, a = a, b = b)
  f <- list(joint = quote(j), second_given_first = quote(j / a), first_given_second = quote(j / b),
            cramers_v = quote((j - a * b) / sqrt(a * (1 - a) * b * (1 - b))))
  f$R0 <- if (coef(svymean(x, d))[["a"]] < coef(svymean(x, d))[["b"]]) quote(j / a) else quote(j / b)
  r <- over(d, x, f)
  do.call(rbind, lapply(names(r), function(n) {
    row("redundancy", domain, n, paste(i, j, if (censored) "yes" else "no"), r[[n]][1], r[[n]][2])
  }))
}

figures <- function(d, domain) {
  v <- d$variables
  out <- list()
  add <- function(...) out[[length(out) + 1]] <<- row(...)
  m <- svymean(as.matrix(v[names(BANDS)]), d)
  add("bands", domain, "share", names(BANDS), coef(m), SE(m))
  for (name in names(BANDS)) if (any(v[[name]] > 0)) {
    r <- ratio(v$score * v[[name]], v[[name]], d)
    add("bands", domain, "mean_score", name, r$estimate, r$se)
  }
  g <- as.matrix(v[INDICATORS])
  t <- svytotal(g, d)
  add("numbers", domain, "deprived", INDICATORS, coef(t), SE(t))
  t <- svytotal(g * v$poor, d)
  add("numbers", domain, "poor_and_deprived", INDICATORS, coef(t), SE(t))
  r <- ratio(g * v$poor, v$poor, d)
  add("numbers", domain, "among_poor", INDICATORS, r$estimate, r$se)
  r <- ratio(g * (1 - v$poor), 1 - v$poor, d)
  add("numbers", domain, "among_not_poor", INDICATORS, r$estimate, r$se)
  for (i in INDICATORS) {
    x <- cbind(p = v$poor, q = v[[i]] * v$poor, r = v[[i]] * (1 - v$poor))
    if (sum(x[, "r"]) > 0) {
      e <- over(d, x, list(excess = quote((q / p) / (r / (1 - p)))))$excess
      add("numbers", domain, "excess", i, e[1], e[2])
    }
  }
  for (c in c(FALSE, TRUE)) {
    out <- c(out, list(pair(d, "d1", "d2", domain, c), pair(d, "d1", "d7", domain, c), pair(d, "d4", "d10", domain, c)))
  }
  for (n in 0:3) {
    m <- svymean(cbind(as.integer(v$count == n), as.integer(v$count >= n)), d)
    add("overlap", domain, c("exactly", "at_least"), n, coef(m), SE(m))
  }
  m <- svymean(~count, d)
  add("overlap", domain, "mean", "", coef(m), SE(m))
  r <- ratio(v$count, as.integer(v$count > 0), d)
  add("overlap", domain, "mean_deprived", "", r$estimate, r$se)
  m <- svymean(cbind(v$health * v$living, pmax(v$health, v$living), v$health * v$living * (1 - v$education)), d)
  add("overlap", domain, c("intersection", "union", "exactly_these"), "health + living", coef(m), SE(m))
  m <- svymean(cbind(v$poor, v$c, v$c^2), d)
  add("inequality", domain, "M_gamma", 0:2, coef(m), SE(m))
  x <- cbind(m0 = v$poor, m1 = v$c, m2 = v$c^2)
  r <- over(d, x, list(mean_square_poor = quote(m2 / m0), inequality_poor = quote(4 * (m2 / m0 - (m1 / m0)^2))))
  for (n in names(r)) add("inequality", domain, n, "", r[[n]][1], r[[n]][2])
  do.call(rbind, out)
}

by_groups <- function(d) {
  v <- d$variables
  groups <- sort(unique(v$region))
  x <- do.call(cbind, lapply(groups, function(g) cbind(v$poor, v$c, v$c^2) * (v$region == g)))
  colnames(x) <- paste0(c("q", "a", "s"), rep(groups, each = 3))
  q <- paste0("(", paste0("q", groups, collapse = " + "), ")")
  a <- paste0("(", paste0("a", groups, collapse = " + "), ")")
  within <- paste0("4 * (s", groups, " - a", groups, "^2 / q", groups, ") / ", q)
  between <- paste0("4 * (q", groups, " / ", q, ") * (a", groups, " / q", groups, " - ", a, " / ", q, ")^2")
  texts <- c(within, between, paste(within, collapse = " + "), paste(between, collapse = " + "))
  r <- over(d, x, lapply(texts, str2lang))
  row("inequality", c(rep(paste0("region=", groups), 2), "", ""),
      c(rep(c("within", "between"), each = length(groups)), "within", "between"), "region",
      sapply(r, `[`, 1), sapply(r, `[`, 2))
}

# A line of 60 % of the median: the smallest income with half of the weight; linearised after Deville (1999), with a
# Gaussian kernel and h = sd N^-0.2 (Osier 2009).
relative <- function(d, domain, inside) {
  y <- h$income
  w <- h$w
  N <- sum(w)
  o <- order(y)
  q <- y[o][which(cumsum(w[o]) >= N / 2)[1]]
  sd <- sqrt(sum(w * (y - sum(w * y) / N)^2) / N)
  b <- sd * N^-0.2
  kernel <- function(at) dnorm((at - y) / b) / b
  z_line <- -0.6 * ((y <= q) - 0.5) / sum(w * kernel(q))
  line <- 0.6 * q
  below <- as.integer(y < line) * inside
  n <- sum(w * inside)
  rate <- sum(w * below) / n
  slope <- sum(w * inside * kernel(line)) / n
  z <- inside * (below - rate) / n + slope * z_line
  fixed <- inside * (below - rate) / n
  se <- function(z) as.vector(SE(svytotal(z, d)))
  out <- row("crossing", domain, c("share", "share_line_fixed"), "income", rate, c(se(z), se(fixed)))
  if (domain == "") out <- rbind(out, row("crossing", "", "line", "", line, se(z_line)))
  # The poor whom income misses: poor, and not below the line, of the poor.
  p <- h$poor * inside
  missed <- p * (1 - below)
  share <- sum(w * missed) / sum(w * p)
  slope <- -sum(w * p * kernel(line)) / sum(w * p)
  z <- (missed - share * p) / sum(w * p) + slope * z_line
  rbind(out, row("crossing", domain, "missed_by_income", "", share, se(z)))
}

regions <- sort(unique(h$region))
out <- rbind(
  figures(design, ""),
  do.call(rbind, lapply(regions, function(r) figures(subset(design, region == r), paste0("region=", r)))),
  by_groups(design),
  relative(design, "", rep(1, nrow(h))),
  do.call(rbind, lapply(regions, function(r) relative(design, paste0("region=", r), as.integer(h$region == r)))))
out$estimate <- sprintf("%.17g", out$estimate)
out$se <- sprintf("%.17g", out$se)
write.csv(out, "analyses.csv", row.names = FALSE, quote = FALSE)
