# Golden values with finite population corrections, two stages and strata with a single PSU.
# In: households.csv, households_single.csv. Out: households_fpc.csv, households_single_fpc.csv, designs.csv.
source("common.R")

count_in <- function(key) as.vector(table(key)[as.character(key)])

# Columns of the corrections: N_* are counts in the population, f_* the same as fractions.
with_fpc <- function(h) {
  set.seed(41)
  h$psu_unique <- h$stratum * 100 + h$psu
  drawn <- tapply(h$psu, h$stratum, function(p) length(unique(p)))
  N <- drawn + c(3, 4, 0, 9, 12, 4, 30, 15, 21, 8, 40, 25) # all PSUs of stratum 3 were drawn
  h$N_households <- 9000
  h$N_stratum <- ceiling(count_in(h$stratum) * (2 + h$stratum / 4))
  h$N_psu <- as.vector(N[as.character(h$stratum)])
  h$f_psu <- as.vector(drawn[as.character(h$stratum)]) / h$N_psu
  psus <- sort(unique(h$psu_unique))
  more <- setNames(sample(c(6:60), length(psus), replace = TRUE), psus)
  more["601"] <- 0 # every household of this PSU was drawn, and of one PSU of stratum 3
  more["302"] <- 0
  h$m_psu <- count_in(h$psu_unique)
  h$M_psu <- h$m_psu + as.vector(more[as.character(h$psu_unique)])
  h$f_household <- h$m_psu / h$M_psu
  # Segments of several households, numbered anew in each PSU: 2 to 4 of them.
  segments <- setNames(sample(2:4, length(psus), replace = TRUE), psus)
  place <- ave(seq_along(h$psu_unique), h$psu_unique, FUN = seq_along)
  s <- as.vector(segments[as.character(h$psu_unique)])
  h$ssu <- (place - 1) %% s + 1
  segments_more <- setNames(sample(0:9, length(psus), replace = TRUE), psus)
  segments_more["702"] <- 0
  h$N_ssu <- s + as.vector(segments_more[as.character(h$psu_unique)])
  h$f_ssu <- s / h$N_ssu
  h$m_psu <- NULL
  h
}

with_single_fpc <- function(h) {
  N <- c(5, 7, 3, 13, 17, 9, 36, 22, 29, 17, 20, 15)
  h$psu_unique <- h$stratum * 100 + h$psu
  h$N_psu <- N[h$stratum]
  h$N_self <- h$N_psu
  h$N_self[h$stratum == 11] <- 1 # its one PSU is all there is: no error, and no singleton
  h$N_both_self <- h$N_self
  h$N_both_self[h$stratum == 12] <- 1
  # By an ordering inside an area: 12, 9, 10, 11 in area 3; 12 joins the next, 11 is last and joins the one before.
  h$area <- ceiling(h$stratum / 4)
  h$place <- ifelse(h$stratum == 12, 1, (h$stratum - 1) %% 4 + 2)
  h$merged_map <- ifelse(h$stratum == 11, 12, h$stratum)
  h$merged_order <- ifelse(h$stratum == 12, 9, ifelse(h$stratum == 11, 10, h$stratum))
  # Counts of the merged strata add up.
  both <- function(merged) {
    first <- !duplicated(h$stratum)
    as.vector(tapply(h$N_psu[first], merged[first], sum)[as.character(merged)])
  }
  h$N_merged_map <- both(h$merged_map)
  h$N_merged_order <- both(h$merged_order)
  h
}

without_score <- function(h) h[!(names(h) %in% c("poor", "c", "w"))]

h <- with_fpc(read_households())
single <- with_single_fpc(read_households("households_single.csv"))
write_table(without_score(h), "households_fpc.csv")
write_table(without_score(single), "households_single_fpc.csv")

DESIGNS <- list(
  srs_fpc = function(h) svydesign(ids = ~1, weights = ~w, fpc = ~N_households, data = h),
  stratified_fpc = function(h) svydesign(ids = ~1, strata = ~stratum, weights = ~w, fpc = ~N_stratum, data = h),
  stratified_clustered_fpc = function(h) {
    svydesign(ids = ~psu, strata = ~stratum, weights = ~w, fpc = ~N_psu, data = h, nest = TRUE)
  },
  two_stage_households = function(h) {
    svydesign(ids = ~psu + household, strata = ~stratum, weights = ~w, fpc = ~N_psu + M_psu, data = h, nest = TRUE)
  },
  two_stage_segments = function(h) {
    svydesign(ids = ~psu + ssu, strata = ~stratum, weights = ~w, fpc = ~N_psu + N_ssu, data = h, nest = TRUE)
  })

# The same designs declared otherwise: fractions, and PSU codes that are unique.
SAME <- list(
  stratified_clustered_fpc = function(h) {
    svydesign(ids = ~psu, strata = ~stratum, weights = ~w, fpc = ~f_psu, data = h, nest = TRUE)
  },
  stratified_clustered_fpc = function(h) {
    svydesign(ids = ~psu_unique, strata = ~stratum, weights = ~w, fpc = ~N_psu, data = h)
  },
  two_stage_households = function(h) {
    svydesign(ids = ~psu + household, strata = ~stratum, weights = ~w, fpc = ~f_psu + f_household, data = h, nest = TRUE)
  },
  two_stage_segments = function(h) {
    h$ssu_unique <- h$psu_unique * 10 + h$ssu
    svydesign(ids = ~psu_unique + ssu_unique, strata = ~stratum, weights = ~w, fpc = ~f_psu + f_ssu, data = h)
  })

single_design <- function(stratum, fpc = NULL) function(h) {
  svydesign(ids = ~psu_unique, strata = stratum, weights = ~w, fpc = fpc, data = h)
}
SINGLE <- list(
  single_collapse_map = list("fail", single_design(~merged_map)),
  single_collapse_order = list("fail", single_design(~merged_order)),
  single_collapse_map_fpc = list("fail", single_design(~merged_map, ~N_merged_map)),
  single_collapse_order_fpc = list("fail", single_design(~merged_order, ~N_merged_order)),
  single_certainty_fpc = list("certainty", single_design(~stratum, ~N_psu)),
  single_adjust_fpc = list("adjust", single_design(~stratum, ~N_psu)),
  single_average_fpc = list("average", single_design(~stratum, ~N_psu)),
  single_average_self = list("average", single_design(~stratum, ~N_self)),
  single_fail_self = list("fail", single_design(~stratum, ~N_both_self)))

run <- function(name, make, file, unit, ...) {
  cbind(design = name, unit, by_region(make(with_unit(file, unit)), ...))
}

out <- list()
for (unit in c("person", "household")) {
  for (name in names(DESIGNS)) out <- c(out, list(run(name, DESIGNS[[name]], h, unit)))
}
for (i in seq_along(SAME)) {
  name <- names(SAME)[i]
  same(run(name, SAME[[i]], h, "person"), run(name, DESIGNS[[name]], h, "person"))
}
for (name in names(SINGLE)) {
  options(survey.lonely.psu = SINGLE[[name]][[1]])
  # survey 4.1-1 centres totals at 0 for "adjust", not at the mean of all PSUs.
  out <- c(out, list(run(name, SINGLE[[name]][[2]], single, "person", totals = SINGLE[[name]][[1]] != "adjust")))
}
write_table(do.call(rbind, out), "designs.csv")
