"""The country the Colombian sample is drawn from: its departments, what is published of them, municipalities.

Comes in: nothing. Goes out: the table of the 33 departments with DANE's published headcount ratios, and the
codes of the fictitious municipalities. The survey and the boundaries share it, so that their codes agree.
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
        Number of fictitious municipalities, the capital included.
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
# 14-Apr-2026. Populations: orders of magnitude of DANE's projections. Municipalities: invented.
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
    """Codes of the department's fictitious municipalities, the capital first.

    Parameters
    ----------
    department : Department
        The department.

    Returns
    -------
    tuple of str
        Five digits each: the department's two, then 001 for the capital, multiples of three for the others.

    Examples
    --------
    >>> municipality_codes(DEPARTMENTS[0])[:3]
    ('05001', '05003', '05006')
    """
    numbers = (1, *range(3, 3 * department.municipalities, 3))
    return tuple(f"{department.code}{number:03d}" for number in numbers)
