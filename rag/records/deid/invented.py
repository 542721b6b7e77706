"""Invented names, streets and towns that stand for real ones. None is taken from any record. Decides nothing."""

from __future__ import annotations

GIVEN = "Aldren Bexley Corwin Delphia Edrick Fenella Garrick Hollis Isolde Jorah Kelda Lorcan Maristela Nerys Orrin Perdita Quillon Rosmund Severin Tamsin Ulric Verity Wystan Yorick Zelma Ansel Brisa Cassian Delwyn Elowen Farrow Greer Hesper Ivor Junia Kester Linnet Merrick Nola Oswin Petra Rafe Sabra Thora Vesper Willa".split()  # fmt: skip
SURNAMES = "Ashcombe Brackenridge Coldwell Dunmarrow Eastlake Fallowes Grindlewood Hathersage Inglemoor Jarrowby Kettering Larkspur Mossgrove Netherby Oakhanger Pellworth Quarrington Ravensdale Stonebridge Thistlewood Underhay Vantongeren Wexcombe Yarborough Zellander Amberly Birchmere Crosswaithe Dovedale Elmsworth Foxglove Greystock Harkaway Ironbrook Kingsmere Lockridge Merriweld Northgate Orchardson Pennyfeather".split()  # fmt: skip
TOWNS = "Alderbrook Brightwater Crestfall Dunhaven Eastmarsh Fernhollow Glenmoor Harrowgate Ivybridge Kingsferry Larchmont Millbrae Northwick Oldport Pinecrest Quarryville Redcliff Stonehaven Thornbury Westmere Yewdale Ashmill Bellwater Copperfield Deepwell".split()  # fmt: skip
STREETS = "Alder Birchwood Clover Dogwood Evergreen Foxtail Goldenrod Hazel Ironwood Jasmine Larch Meadow Nettle Orchard Poplar Quince Rowan Spruce Thistle Violet".split()
KINDS = "Street Avenue Road Lane Drive Court".split()
HOUSES = ("Hospital", "Medical Center", "Clinic")
ZH_SURNAMES = "林方宋白江叶温简秋余"
ZH_GIVEN = "知远书宁若川云舒青禾星野听澜望舒长风采薇景行怀瑾"
ZH_TOWNS = "青川 云溪 临江 白石 松河 南浦 望海 清泉 柳湖 石桥 竹山 平湖".split()
ZH_ROADS = "春晖路 晨光街 翠竹路 映月路 松涛街 远山路 梧桐路 清风街".split()
