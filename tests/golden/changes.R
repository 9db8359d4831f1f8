# Golden changes between rounds: independent, the same PSUs, rotating PSUs, a panel of households.
# In: households.csv. Out: round_1.csv, round_{independent,same_psu,rotating,panel}_{2,3}.csv, changes.csv.
source("common.R")

YEARS <- c(2018, 2020.5, 2024)
PAIRS <- list(c(1, 2), c(2, 3), c(1, 3))
SERIES <- c("independent", "same_psu", "rotating", "panel")
THREE <- c("d1", "d2", "d3")

first_round <- function() {
  h <- read_households()
  h <- h[h$stratum <= 8, ]
  h$psu_unique <- h$stratum * 100 + h$psu
  h
}

# Deprivations that end with probability `end` and begin with `begin`, and weights that move a little.
later <- function(h, end, begin) {
  for (j in INDICATORS) {
    u <- runif(nrow(h))
    h[[j]] <- ifelse(h[[j]] == 1, as.integer(u >= end), as.integer(u < begin))
  }
  h$weight <- round(h$weight * runif(nrow(h), 0.85, 1.25), 3)
  h
}

# Other households of the same PSUs: drawn again from those of the PSU, with new numbers.
redrawn <- function(h) {
  rows <- unlist(lapply(split(seq_len(nrow(h)), h$psu_unique), function(i) i[sample.int(length(i), replace = TRUE)]))
  h <- h[rows, ]
  h$household <- max(h$household) + seq_len(nrow(h))
  h
}

# The earlier half of each stratum's PSUs leaves, and as many new ones come.
rotated <- function(h) {
  parts <- lapply(split(h, h$stratum), function(part) {
    psus <- sort(unique(part$psu))
    stay <- psus[seq_len(ceiling(length(psus) / 2)) + length(psus) - ceiling(length(psus) / 2)]
    new <- part[!(part$psu %in% stay), ]
    new$psu <- new$psu + max(psus)
    rbind(redrawn(part[part$psu %in% stay, ]), redrawn(new))
  })
  h <- do.call(rbind, parts)
  h$psu_unique <- h$stratum * 100 + h$psu
  h$household <- 5000 + seq_len(nrow(h))
  h
}

next_round <- function(series, h, t) {
  h <- switch(series, independent = redrawn(h), same_psu = redrawn(h), rotating = rotated(h), panel = h)
  h <- later(h, 0.2, 0.03)
  if (series %in% c("same_psu", "independent")) h$household <- t * 10000 + seq_len(nrow(h))
  h
}

make_rounds <- function(series) {
  set.seed(67 + match(series, SERIES))
  one <- first_round()
  two <- next_round(series, one, 2)
  three <- next_round(series, two, 3)
  lapply(list(one, two, three), function(h) score(h[order(h$household), ]))
}

stacked <- function(rounds, series, which) {
  h <- do.call(rbind, lapply(which, function(t) cbind(rounds[[t]], round = t)))
  h$S <- h$stratum
  h$P <- h$psu_unique
  if (series == "independent") {
    h$S <- h$stratum + 1000 * h$round
    h$P <- h$psu_unique + 100000 * h$round
  }
  svydesign(ids = ~P, strata = ~S, weights = ~w, data = with_unit(h, "person"))
}

# Value and linearised column of each statistic in each of the rounds, in one domain.
columns <- function(d, which, inside) {
  v <- d$variables
  z <- value <- list()
  add <- function(t, statistic, indicator, y, x) {
    name <- paste(statistic, indicator, t, sep = "|")
    z[[name]] <<- if (is.null(x)) y else linearised(v$w, y, x)
    value[[name]] <<- if (is.null(x)) sum(v$w * y) else sum(v$w * y) / sum(v$w * x)
  }
  for (t in which) {
    i <- as.numeric(inside & v$round == t)
    add(t, "H", "", i * v$poor, i)
    add(t, "A", "", i * v$c, i * v$poor)
    add(t, "M0", "", i * v$c, i)
    add(t, "poor", "", i * v$poor, NULL)
    for (j in THREE) add(t, "censored_headcount", j, i * v$poor * v[[j]], i)
  }
  list(z = do.call(cbind, z), value = unlist(value))
}

# Value and gradient in (y1, y2) of each change.
changes <- function(a, b, years) {
  list(absolute = list(b - a, c(-1, 1)),
       annual = list((b - a) / years, c(-1, 1) / years),
       relative = list(b / a - 1, c(-b / a^2, 1 / a)),
       relative_annual = list((b / a)^(1 / years) - 1, (b / a)^(1 / years) / years * c(-1 / a, 1 / b)),
       log = list(log(b / a), c(-1 / a, 1 / b)))
}

# Changes of one pair in one domain; the design is of the pair or of all three rounds.
changes_of <- function(d, stack, which, pair, domain) {
  v <- d$variables
  region <- if (domain == "") NULL else as.integer(sub("region=", "", domain))
  inside <- if (is.null(region)) rep(TRUE, nrow(v)) else v$region == region
  joint <- columns(d, which, inside)
  covariance <- as.matrix(vcov(svytotal(joint$z, d)))
  dimnames(covariance) <- list(colnames(joint$z), colnames(joint$z))
  df <- degf(d[which(inside & v$round %in% pair), ])
  statistics <- unique(sub("\\|[0-9]$", "", names(joint$value)))
  years <- YEARS[pair[2]] - YEARS[pair[1]]
  do.call(rbind, lapply(statistics, function(s) {
    names <- paste(s, pair, sep = "|")
    y <- joint$value[names]
    part <- covariance[names, names]
    key <- strsplit(paste0(s, "|"), "|", fixed = TRUE)[[1]]
    every <- changes(y[[1]], y[[2]], years)
    do.call(rbind, lapply(names(every), function(kind) {
      g <- every[[kind]][[2]]
      se <- sqrt(max(0, as.vector(g %*% part %*% g)))
      if (y[[2]] == 0 && kind %in% c("relative", "relative_annual", "log")) se <- NA # -100%: no error to speak of
      estimate <- every[[kind]][[1]]
      data.frame(stack, from = pair[1], to = pair[2], change = kind, domain, statistic = key[1],
                 indicator = if (is.na(key[2])) "" else key[2], estimate, se, df,
                 t = estimate / se, p = if (df > 0) 2 * pt(-abs(estimate / se), df) else NA,
                 y1 = y[[1]], y2 = y[[2]], v11 = part[1, 1], v22 = part[2, 2], v12 = part[1, 2])
    }))
  }))
}

# A round by itself: its own strata and PSUs.
levels_of <- function(rounds, series, t, domain) {
  d <- stacked(rounds, series, t)
  v <- d$variables
  if (domain != "") d <- d[which(v$region == as.integer(sub("region=", "", domain))), ]
  v <- d$variables
  m <- svymean(cbind(v$poor, v$c, as.matrix(v[THREE]) * v$poor), d)
  a <- ratio(v$c, v$poor, d)
  n <- svytotal(as.matrix(v$poor), d)
  data.frame(stack = "round", from = t, to = t, change = "level", domain,
             statistic = c("H", "M0", rep("censored_headcount", 3), "A", "poor"), indicator = c("", "", THREE, "", ""),
             estimate = c(as.vector(coef(m)), a$estimate, as.vector(coef(n))),
             se = c(as.vector(SE(m)), a$se, as.vector(SE(n))), df = degf(d), t = NA, p = NA, y1 = NA, y2 = NA,
             v11 = NA, v22 = NA, v12 = NA)
}

# Against survey itself: the change of M0 of the pair by svyby and svycontrast.
check <- function(d, mine) {
  by <- svyby(~c, ~round, d, svymean, covmat = TRUE)
  contrast <- svycontrast(by, setNames(c(-1, 1), names(coef(by))))
  same(c(mine$estimate, mine$se), c(as.vector(coef(contrast)), as.vector(SE(contrast))))
}

save_round <- function(h, path) write_table(h[!(names(h) %in% c("poor", "c"))], path)

out <- NULL
for (series in SERIES) {
  rounds <- make_rounds(series)
  for (t in 2:3) save_round(rounds[[t]], paste0("round_", series, "_", t, ".csv"))
  own <- NULL
  for (domain in c("", paste0("region=", 1:4))) {
    for (t in 1:3) own <- rbind(own, levels_of(rounds, series, t, domain))
    for (pair in PAIRS) {
      of_pair <- stacked(rounds, series, pair)
      part <- changes_of(of_pair, "pair", pair, pair, domain)
      if (domain == "") check(of_pair, part[part$statistic == "M0" & part$change == "absolute", ])
      all <- changes_of(stacked(rounds, series, 1:3), "all", 1:3, pair, domain)
      own <- rbind(own, part, all)
    }
  }
  shared <- outer(1:3, 1:3, Vectorize(function(a, b) length(intersect(rounds[[a]]$psu_unique, rounds[[b]]$psu_unique))))
  cat(series, "PSUs shared:", shared[1, 2], shared[2, 3], shared[1, 3], "of", shared[1, 1], shared[2, 2], shared[3, 3],
      "SE of the change 1 to 2 of M0:", own$se[own$statistic == "M0" & own$change == "absolute" & own$domain == ""][1:2], "\n")
  out <- rbind(out, cbind(series, own))
}
save_round(make_rounds("panel")[[1]], "round_1.csv")
write_table(out, "changes.csv")
print(colSums(is.na(out)))
