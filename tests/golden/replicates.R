# Golden values with replicate weights.
# In: households.csv. Out: replicate_households.csv, brr_households.csv, replicate_weights_*.csv,
# replicate_factors_*.csv, replicate_designs.csv, replicates.csv, replicate_covariance.csv.
source("common.R")

# Strata 1 to 9, so that the files stay small; and two domains where a replicate can leave nothing.
make_households <- function() {
  h <- read_households()
  h <- h[h$stratum <= 9, ]
  h$psu_unique <- h$stratum * 100 + h$psu
  # Everyone poor of "thin" lives in two PSUs of one stratum; the rest of it is not poor.
  h$thin <- as.integer(h$psu_unique %in% c(302, 303) | (h$poor == 0 & h$region == 2))
  h$villages <- as.integer(h$psu_unique %in% c(302, 303))
  h
}

two_psus <- function(h) h[h$psu <= 2, ]

# Successive differences of the PSUs in their order: 1 + 2^-1.5 (a[i] - a[i + 1]), rows of a Hadamard matrix.
sdr_factors <- function(h) {
  psus <- sort(unique(h$psu_unique))
  a <- 2 * hadamard(length(psus) + 1) - 1
  stopifnot(nrow(a) > length(psus), all(crossprod(a) == diag(nrow(a)) * nrow(a)))
  i <- match(h$psu_unique, psus)
  1 + 2^-1.5 * (a[i + 1, ] - a[i %% length(psus) + 2, ])
}

design_of <- function(h) svydesign(ids = ~psu_unique, strata = ~stratum, weights = ~weight, data = h)

made <- function(h, type, ...) {
  d <- if (type == "JK1") svydesign(ids = ~psu_unique, weights = ~weight, data = h) else design_of(h)
  set.seed(97)
  r <- as.svrepdesign(d, type = type, compress = FALSE, ...)
  list(factors = unclass(weights(r, "replication")), scale = r$scale, rscales = r$rscales)
}

columns_of <- function(x, household) {
  x <- as.data.frame(unname(as.matrix(x)))
  names(x) <- paste0("r", seq_along(x))
  cbind(household = household, x)
}

# R's design from the file that we read too.
read_design <- function(h, m, unit, form, name, mse) {
  h <- with_unit(h, unit)
  r <- as.matrix(read.csv(paste0("replicate_", if (form == "combined") "weights_" else "factors_", name, ".csv"))[-1])
  if (form == "combined" && unit == "person") r <- r * h$members
  suppressWarnings(svrepdesign(data = h, weights = ~w, repweights = r, type = "other", scale = m$scale,
                               rscales = m$rscales, combined.weights = form == "combined", mse = mse))
}

# Replicates that R drops, by statistic: those of H (M0, headcounts) and of A (percentage contributions).
dropped <- function(d) {
  w <- weights(d, "analysis")
  v <- d$variables
  size <- colSums(w)
  poor <- colSums(w * v$poor)
  list(mean = sum(size == 0), ratio = sum(poor == 0))
}

estimates_of <- function(d) {
  domains <- c("", paste0("region=", 1:5), if (!is.null(d$variables$thin)) c("thin=1", "villages=1"))
  out <- do.call(rbind, lapply(domains, function(domain) {
    part <- d
    if (domain != "") {
      key <- strsplit(domain, "=")[[1]]
      part <- d[which(d$variables[[key[1]]] == as.integer(key[2])), ]
    }
    s <- suppressWarnings(statistics(part))
    n <- dropped(part)
    s$dropped <- ifelse(s$statistic == "poor", 0, ifelse(s$statistic %in% c("A", "percentage_contribution"), n$ratio, n$mean))
    cbind(k = "1/3", domain, s, df_subset = degf(part))
  }))
  cbind(out, df = degf(d))
}

# H, A and M0 of the total and of two regions, from the replicates; one that lacks any of them is dropped whole.
covariance_of <- function(d, regions) {
  parts <- list(total = d)
  for (r in regions) parts[[paste0("region=", r)]] <- subset(d, region == r)
  theta <- do.call(cbind, lapply(parts, function(part) {
    w <- weights(part, "analysis")
    v <- part$variables
    cbind(colSums(w * v$poor) / colSums(w), colSums(w * v$c) / colSums(w * v$poor), colSums(w * v$c) / colSums(w))
  }))
  full <- unlist(lapply(parts, function(part) {
    w <- weights(part, "sampling")
    v <- part$variables
    c(sum(w * v$poor) / sum(w), sum(w * v$c) / sum(w * v$poor), sum(w * v$c) / sum(w))
  }))
  theta[!is.finite(theta)] <- NA
  gone <- sum(!complete.cases(theta))
  names <- as.vector(outer(c("H", "A", "M0"), c("", names(parts)[-1]), paste, sep = "||"))
  v <- suppressWarnings(survey:::svrVar(theta, d$scale, d$rscales, mse = d$mse, coef = full))
  v <- matrix(as.vector(v), 9, dimnames = list(names, names))
  by <- svyby(~poor, ~region, d, svymean, covmat = TRUE, return.replicates = TRUE)
  if (gone == 0) same(unname(as.matrix(vcov(by))[regions, regions]), unname(v[c(4, 7), c(4, 7)]))
  upper <- which(upper.tri(v, diag = TRUE), arr.ind = TRUE)
  data.frame(regions = paste(regions, collapse = " "), dropped = gone, name_a = names[upper[, 1]], name_b = names[upper[, 2]], covariance = v[upper])
}

h <- make_households()
pairs <- two_psus(read_households())
pairs$psu_unique <- pairs$stratum * 100 + pairs$psu
drop <- c("poor", "c", "w")
write_table(h[!(names(h) %in% drop)], "replicate_households.csv")
write_table(pairs[!(names(pairs) %in% drop)], "brr_households.csv")

sdr <- sdr_factors(h)
METHODS <- list(
  JK1 = list(file = h, made = made(h, "JK1")),
  JKn = list(file = h, made = made(h, "JKn")),
  BRR = list(file = pairs, made = made(pairs, "BRR")),
  Fay = list(file = pairs, made = made(pairs, "Fay", fay.rho = 0.3)),
  bootstrap = list(file = h, made = made(h, "subbootstrap", replicates = 60)),
  SDR = list(file = h, made = list(factors = sdr, scale = 4 / ncol(sdr), rscales = rep(1, ncol(sdr)))))
FACTORS <- c("JKn", "BRR", "bootstrap")

out <- designs <- covariance <- NULL
for (name in names(METHODS)) {
  file <- METHODS[[name]]$file
  m <- METHODS[[name]]$made
  combined <- round(file$weight * m$factors, 4) # the file is what counts: R reads it as we do
  write_table(columns_of(combined, file$household), paste0("replicate_weights_", name, ".csv"))
  forms <- "combined"
  if (name %in% FACTORS) {
    write_table(columns_of(m$factors, file$household), paste0("replicate_factors_", name, ".csv"))
    forms <- c("combined", "factors")
  }
  for (form in forms) for (mse in c(FALSE, TRUE)) for (unit in c("person", if (name == "JKn" && form == "combined") "household")) {
    d <- read_design(file, m, unit, form, name, mse)
    at <- data.frame(method = name, form, mse = if (mse) "true" else "false", unit)
    out <- rbind(out, cbind(at, estimates_of(d)))
    designs <- rbind(designs, cbind(at, replicates = ncol(m$factors), scale = m$scale,
                                    rscales = paste(sprintf("%.17g", m$rscales), collapse = " "), df = degf(d)))
    if (name == "bootstrap" && form == "combined") {
      covariance <- rbind(covariance, cbind(at, covariance_of(d, 2:3)), cbind(at, covariance_of(d, 1:2)))
    }
  }
}
write_table(out, "replicates.csv")
write_table(designs, "replicate_designs.csv")
write_table(covariance, "replicate_covariance.csv")
print(unique(out[out$dropped > 0, c("method", "domain", "dropped")]))
print(unique(out[c("method", "domain", "df", "df_subset")]))
