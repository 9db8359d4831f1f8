"""The country the Colombian sample is drawn from: its departments, what is published of them, municipalities.

Comes in: nothing. Goes out: the table of the 33 departments with DANE's published headcount ratios, and the
codes of the 300 municipalities, out of 1,122, that the sample reaches.
"""

from typing import NamedTuple

# Rural Bogotá belongs to the Oriental region; the region called Bogotá is the city alone.
BOGOTA_CITY_REGION = 5
BOGOTA_RURAL_REGION = 2


class Department(NamedTuple):
    """One department of Colombia.

    Attributes
    ----------
    code : str
        DIVIPOLA code, two digits.
    name : str
        Official short name.
    region : int
        Region code of DANE's IPM files.
    population : int
        Thousands of inhabitants, rounded; only the order of magnitude matters here.
    municipalities : int
        Number of municipalities in the sample, the capital included.
    total, urban, rural : float
        Published headcount ratio H of 2024, per cent of persons; `rural` is None in San Andrés.
    """

    code: str
    name: str
    region: int
    population: int
    municipalities: int
    total: float
    urban: float
    rural: float | None

    @property
    def number(self) -> int:
        """The DIVIPOLA code as an integer."""
        return int(self.code)


# Headcount ratios: DANE, Pobreza multidimensional 2024, annex "anex-PMultidimensional-Departamental" of
# 14-Apr-2026. Populations: orders of magnitude of DANE's projections.
DEPARTMENTS = (
    Department("05", "Antioquia", 3, 6900, 24, 10.9, 8.4, 21.2),
    Department("08", "Atlántico", 1, 2850, 10, 9.5, 8.6, 26.4),
    Department("11", "Bogotá, D.C.", BOGOTA_CITY_REGION, 7930, 1, 5.4, 5.4, 10.8),
    Department("13", "Bolívar", 1, 2270, 12, 15.6, 13.5, 21.5),
    Department("15", "Boyacá", 2, 1310, 16, 6.9, 3.7, 12.1),
    Department("17", "Caldas", 3, 1050, 9, 9.2, 6.0, 20.3),
    Department("18", "Caquetá", 3, 430, 7, 13.9, 8.6, 24.2),
    Department("19", "Cauca", 4, 1560, 12, 14.0, 7.5, 17.6),
    Department("20", "Cesar", 1, 1390, 9, 13.4, 10.7, 21.3),
    Department("23", "Córdoba", 1, 1900, 10, 25.7, 13.0, 38.9),
    Department("25", "Cundinamarca", 2, 3480, 18, 7.4, 6.8, 9.4),
    Department("27", "Chocó", 4, 600, 9, 33.9, 18.8, 45.2),
    Department("41", "Huila", 3, 1190, 10, 10.9, 7.6, 15.8),
    Department("44", "La Guajira", 1, 1040, 8, 39.3, 17.4, 61.3),
    Department("47", "Magdalena", 1, 1520, 10, 19.2, 15.0, 28.1),
    Department("50", "Meta", 2, 1120, 9, 10.4, 8.0, 18.2),
    Department("52", "Nariño", 4, 1710, 14, 18.1, 10.0, 24.5),
    Department("54", "Norte de Santander", 2, 1710, 10, 15.2, 8.5, 41.1),
    Department("63", "Quindío", 3, 570, 6, 7.4, 6.8, 11.3),
    Department("66", "Risaralda", 3, 990, 7, 9.5, 6.3, 23.0),
    Department("68", "Santander", 2, 2380, 15, 6.8, 4.9, 13.6),
    Department("70", "Sucre", 1, 1010, 9, 21.8, 12.4, 36.4),
    Department("73", "Tolima", 3, 1390, 12, 12.6, 7.2, 24.7),
    Department("76", "Valle del Cauca", 4, 4670, 14, 6.2, 4.6, 15.9),
    Department("81", "Arauca", 7, 320, 5, 17.7, 17.4, 18.3),
    Department("85", "Casanare", 7, 480, 6, 11.3, 9.1, 17.1),
    Department("86", "Putumayo", 7, 390, 6, 11.8, 8.8, 15.1),
    Department("88", "San Andrés, Providencia y Santa Catalina", 6, 62, 2, 6.0, 6.0, None),
    Department("91", "Amazonas", 7, 87, 4, 15.6, 13.8, 17.6),
    Department("94", "Guainía", 7, 57, 4, 49.0, 40.1, 56.9),
    Department("95", "Guaviare", 7, 96, 4, 21.3, 17.5, 26.3),
    Department("97", "Vaupés", 7, 48, 4, 37.4, 16.2, 45.5),
    Department("99", "Vichada", 7, 127, 4, 70.2, 30.0, 82.7),
)


# DIVIPOLA 2018, the last three digits: the capital first (of Cundinamarca, whose capital is Bogotá, its largest city),
# then the larger cities and, as in a survey of a few hundred municipalities, some of the small ones.
MUNICIPALITIES = {
    "05": "001 034 045 086 088 129 142 148 154 212 237 266 315 360 380 411 541 615 631 647 670 790 837 873",
    "08": "001 141 296 433 520 573 606 638 758 770",
    "11": "001",
    "13": "001 052 062 244 248 430 458 620 657 673 810 836",
    "15": "001 092 176 183 226 238 322 425 507 550 572 673 755 759 798 837",
    "17": "001 050 174 380 444 524 614 777 873",
    "18": "001 094 247 460 592 753 785",
    "19": "001 075 142 256 318 418 517 573 622 698 760 821",
    "20": "001 011 013 060 175 250 400 570 750",
    "23": "001 162 168 417 464 466 586 660 686 807",
    "25": "754 095 126 175 224 269 286 290 307 322 407 430 473 530 662 797 867 899",
    "27": "001 050 135 361 372 491 615 745 787",
    "41": "001 020 132 298 319 396 518 551 668 801",
    "44": "001 078 279 378 430 650 847 855",
    "47": "001 161 189 245 288 460 555 660 745 980",
    "50": "001 006 150 270 313 350 568 577 686",
    "52": "001 051 210 250 317 356 381 418 506 585 687 786 835 838",
    "54": "001 125 250 405 480 498 518 720 810 874",
    "63": "001 130 272 401 470 594",
    "66": "001 075 170 400 440 594 682",
    "68": "001 079 081 167 229 276 298 307 377 468 547 573 679 689 855",
    "70": "001 204 215 235 473 678 708 742 820",
    "73": "001 043 168 217 268 347 349 443 449 504 622 854",
    "76": "001 041 109 111 130 147 275 364 403 520 670 834 869 892",
    "81": "001 065 300 736 794",
    "85": "001 010 139 250 325 440",
    "86": "001 320 568 571 757 865",
    "88": "001 564",
    "91": "001 407 536 540",
    "94": "001 663 885 887",
    "95": "001 015 025 200",
    "97": "001 161 666 777",
    "99": "001 524 624 773",
}


def urban_share(department: Department) -> float:
    """Share of persons in the cabeceras that the three published ratios imply.

    Parameters
    ----------
    department : Department
        The department; H of the whole is the mix of H in its two zones.

    Returns
    -------
    float
        Between 0 and 0.99 (Bogotá's published ratios round the rural part away); 1 without a rural zone.

    Examples
    --------
    >>> round(urban_share(DEPARTMENTS[0]), 2)
    0.8
    """
    if department.rural is None:
        return 1.0
    return min(0.99, (department.rural - department.total) / (department.rural - department.urban))


def municipality_codes(department: Department) -> tuple[str, ...]:
    """DIVIPOLA codes of the municipalities that the sample reaches, the capital first.

    Parameters
    ----------
    department : Department
        The department.

    Returns
    -------
    tuple of str
        Five digits each.

    Examples
    --------
    >>> municipality_codes(DEPARTMENTS[0])[:3]
    ('05001', '05034', '05045')
    """
    return tuple(department.code + number for number in MUNICIPALITIES[department.code].split())
