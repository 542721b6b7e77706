"""Made-up identities for the training and the measurement of de-identification.

Decides who is in which part: a name, a street or a town is in `test` when the hash of its spelling says so, so that no
test identity shares a name with a training one. From presidio_research's FakeNameGenerator identities, and from names of
regions that those lack, written here. All numbers are drawn at random.
"""

from __future__ import annotations

import csv
import hashlib
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Part = Literal["train", "test"]

GIVEN = """Adaeze Chinonso Obinna Ngozi Folasade Oluwaseun Temitope Babatunde Kwame Akosua Kofi Abena Thandiwe Sipho Nomvula Tendai Chipo Tatenda
Makena Wanjiru Kamau Achieng Otieno Tesfaye Selamawit Haile Mulugeta Yohannes Ahmed Fatima Khalid Layla Yusuf Zainab Mustafa Noor Hamza Aisha Tariq
Salma Reza Shirin Dariush Parisa Farhad Mehmet Aylin Emre Zeynep Arjun Priya Rajesh Ananya Lakshmi Venkat Sanjay Deepika Karthik Meenakshi Harpreet
Gurpreet Imran Rukhsana Nasreen Shahid Thuy Linh Minh Anh Duc Huong Somchai Siriporn Niran Malee Nattapong Putu Wayan Siti Budi Dewi Rizal Marisol
Xiomara Itzel Cuauhtemoc Yaretzi Guadalupe Jesus Ximena Keola Leilani Kalani Mahina Sione Mele Tevita Aroha Wiremu Hemi Jihoon Seoyeon Minjun Hyejin
Dongwook Eunji Haruto Sakura Kenji Yumiko Takeshi Xiaoming Wei Jing Guowei Meiling Zhiqiang Yuhan Boris Oksana Dmytro Bohdan Shlomo Rivka Avi Tamar
Nizhoni Ahiga Tala Kaya Ayelet Bilal Dunya Eitan Gulnara Hieu Ikram Jyoti Kavita Lwazi Mandla Nkechi Oyelaran Pilar Qasim Rohini Sunita Tamika Uzma
Vivek Wafa Xolani Yewande Zodwa""".split()  # fmt: skip
SURNAMES = """Okafor Nwosu Adeyemi Okonkwo Balogun Eze Mensah Owusu Boateng Asante Dlamini Nkosi Moyo Ndlovu Mutasa Kariuki Odhiambo Mwangi Njoroge Bekele
Gebremariam Tadesse Alemu Al-Farsi El-Sayed Haddad Khoury Mansour Rahman Siddiqui Chaudhry Malik Hosseini Tehrani Karimi Yilmaz Demir Kaya Ozturk
Patel Sharma Iyer Venkataraman Subramaniam Krishnamurthy Reddy Banerjee Chatterjee Gupta Singh Kaur Sidhu Nguyen Tran Pham Vo Huynh Srisawat
Wongsakul Charoensuk Suharto Wijaya Santoso Macapagal Dimaculangan Reyes Villanueva Quispe Mamani Huaman Xochitl Tlatoani Kealoha Kahananui
Tuilagi Fonoti Ngata Parata Kim Park Choi Jeong Kang Yamamoto Watanabe Fujimoto Nakagawa Zhang Wang Liu Chen Huang Zhao Ouyang Shevchenko Kovalenko
Petrenko Begaye Yazzie Tsosie Goldstein Abramovitz Katzenelson Ogunleye Tshabalala Mbeki Osei Amankwah Diallo Traore Coulibaly Keita Ndiaye Sow
Achterberg Baptiste Toussaint Papadopoulos Konstantinou Stoyanov Dragomir Popescu Hakobyan Petrosyan Gelashvili Nazarbayev Tokhtakhunov Batbayar
Rajapaksa Wickramasinghe Gurung Tamang Thapa Shrestha Zaw Htun Phyo Sok Chea Xayavong""".split()  # fmt: skip
# Written towns beside those of the identities: the notes are of everywhere.
TOWNS = """Lagos Ibadan Kumasi Nairobi Kisumu Pune Nagpur Coimbatore Lahore Multan Izmir Tabriz Shiraz Hue Da Nang Cebu Davao Oaxaca Puebla Medellin Cusco Hilo
Kahului Busan Daegu Sapporo Nagoya Chengdu Wuhan Omsk Kharkiv Haifa Aleppo Tucson Fresno Dayton Worcester Spokane Chattanooga Boise Tulsa Yonkers
Plano Laredo Durham Norfolk Bakersfield Stockton Toledo Peoria Savannah Duluth Eugene Reno Galveston Shreveport Macon Flint Gary Scranton""".split()  # fmt: skip
STREETS = "Maple Oak Cedar Washington Lincoln Elmwood Sunset Hickory Jefferson Prospect Willow Magnolia Franklin Kingsley Juniper Aldine Harcourt Sycamore Lakeview Chestnut".split()
KINDS = "Street St Avenue Ave Road Rd Lane Ln Drive Dr Boulevard Blvd Court Way Place Terrace Parkway".split()
STATES = "CA TX NY FL OH PA IL MI GA NC WA AZ MA TN IN MO MD WI CO MN".split()


@dataclass(frozen=True, slots=True)
class Pools:
    """The spellings of one part."""

    given: tuple[str, ...]
    surnames: tuple[str, ...]
    towns: tuple[str, ...]
    streets: tuple[str, ...]
    companies: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A made-up person. middle: an initial."""

    given: str
    surname: str
    middle: str


def part_of(spelling: str) -> Part:
    """`test` for two fifths of all spellings, by the hash of their lower case."""
    return "test" if hashlib.sha256(spelling.lower().encode()).digest()[0] % 5 < 2 else "train"


def pools(data: Path, part: Part) -> Pools:
    """The names, towns, streets and companies of a part, each of them at least once."""
    path = data / "presidio_research/presidio_evaluator/data_generator/raw_data/FakeNameGenerator.com_3000.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    def own(values: list[str]) -> tuple[str, ...]:
        return tuple(sorted({v for v in values if v and part_of(v) == part}))

    # A name of the written regions comes as often as five of the European ones: they are what taggers miss.
    return Pools(
        given=own([r["GivenName"] for r in rows]) + 5 * own(GIVEN),
        surnames=own([r["Surname"] for r in rows]) + 5 * own(SURNAMES),
        towns=own([r["City"].title() if r["City"].isupper() else r["City"] for r in rows]) + 5 * own(TOWNS),
        streets=own([r["StreetAddress"] for r in rows]),
        companies=own([r["Company"] for r in rows]),
        codes=own([r["ZipCode"] for r in rows]),
    )


def somebody(of: Pools, rng: random.Random) -> Somebody:
    """Drawn from the pools."""
    return Somebody(rng.choice(of.given), rng.choice(of.surnames), rng.choice("ABCDEGHJKLMNPRSTW"))


def address(of: Pools, rng: random.Random) -> str:
    """An address in one of the usual forms."""
    town, zipcode = rng.choice(of.towns), f"{rng.randrange(10000, 99999)}"
    american = f"{rng.randrange(1, 9999)} {rng.choice(STREETS)} {rng.choice(KINDS)}"
    unit = rng.choice(
        ["", "", f", Apt {rng.randrange(1, 99)}", f" Unit {rng.randrange(1, 40)}", f", Suite {rng.randrange(100, 900)}"]
    )
    forms = [
        f"{american}{unit}, {town}, {rng.choice(STATES)} {zipcode}", f"{american}, {town}", f"{american}{unit}",
        f"{rng.choice(of.streets)}, {town}", f"{rng.choice(of.streets)}{unit}, {town} {rng.choice(of.codes)}", f"{rng.choice(of.streets)}\n {town} {rng.choice(of.codes)}",
        f"PO Box {rng.randrange(10, 9999)}, {town}, {rng.choice(STATES)} {zipcode}",
    ]  # fmt: skip
    return rng.choice(forms)


def digits(rng: random.Random, pattern: str) -> str:
    """`#` becomes a digit, `@` a capital letter; the rest stays."""
    swap = {
        "#": lambda: str(rng.randrange(10)),
        "@": lambda: rng.choice("ABCDEFGHJKLMNPRTUVWXYZ"),
        "%": lambda: str(rng.randrange(2, 10)),
    }
    return "".join(swap[c]() if c in swap else c for c in pattern)
