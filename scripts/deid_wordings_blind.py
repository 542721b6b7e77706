"""Sentences that carry identifiers, written after the rules and only measured: nothing was trained on them.

The same author wrote them, so they are blind to the rules' tuning, not to the author's idea of what notes say.
"""

from __future__ import annotations

BLIND: dict[str, tuple[str, ...]] = {
    "name": (
        "History obtained from [full], who is his aunt.", "[title] [last] has been on lisinopril for years.", "Thank you for referring [full] to our office.", "The plan was reviewed with [first] and his family.",
        "Pt [last] arrived by ambulance.", "Her neighbor [full] found her on the floor.", "Surgeon: [full]", "Assistant surgeon: [full], PA-C", "[first]'s mother was not available.", "Witnessed by [full], LPN.",
        "[last], [first] was brought in by police.", "[first] is doing great since surgery.", "Twin sister [first] has asthma.", "We discussed this at length with [first].", "Scribe: [full]",
        "PCP is Dr. [full].", "[full] asked about side effects.", "Last seen by [full], NP, for a rash.", "His stepson [first] manages the pills.", "The interpreter was [full].",
        "[upper]", "[initials] tolerated the infusion.", "Both [first] and [first] were counseled.", "Resident physician [full] assisted.", "In summary, [title] [last] is improving.", "Mother's maiden name [last].",
        "On arrival [first] was awake and alert.", "I told [first] to stop smoking.", "transferred to the care of dr. [last]", "her grandson [first] drove her here",
    ),
    "place": (
        "Patient resides in [town].", "Currently staying with relatives at [address].", "Originally from [town], he moved here for work.", "Pharmacy: [company], [town]", "Send the prescription to [address].", "He was seen last month at [hospital].",
        "Records were requested from [hospital].", "Works as a cook for [company].", "Returned from a cruise that left from [town].", "Residence: [address]", "The accident happened in [town].", "Patient's address is [address].",
        "She teaches at a school in [town].", "Postal code: [zip]", "Sent by ambulance from [hospital].", "Hometown: [town]",
    ),
    "date": (
        "Biopsy performed [date] showed no malignancy.", "He is [age] years old.", "Patient is a pleasant [age] y.o. female.", "Birthdate: [dob]", "Stent placed in [monthyear].", "The fall occurred on [weekday] evening.", "Has been sober since [date].",
        "Grandmother lived to [age].", "Follow-up scheduled for [date].", "Her cough started around [holiday].", "Signed on [date] at 14:20.", "Echo from [date] reviewed.", "Delivered by cesarean on [date].", "Labs drawn [daymonth] were unremarkable.", "Date of service: [date]",
        "Born [dob] at term.", "[age] yo man with syncope.", "Vaccinated on [date] and again on [date].", "He fell ill the week before [holiday].", "Every [weekday] he goes to dialysis.",
    ),
    "phone": ("Callback number: [phone]", "Please ring [phone] if the fever returns.", "You may text him at [phone].", "Mobile [phone] (wife).", "Office phone [phone].", "Work: [phone]", "Best number to reach her is [phone].", "Her telephone number is [phone]."),
    "fax": ("Send the report by fax to [phone].", "Facsimile: [phone]", "Fax # [phone]", "Office fax is [phone]."),
    "email": ("She prefers e-mail, [email].", "E-mail address: [email]", "Reachable under [email].", "Copy sent to [email]."),
    "ssn": ("Social Security # [ssn]", "Soc Sec No [ssn]", "The patient gave [ssn] as social security number.", "SSN is [ssn]."),
    "record": ("MRN [mrn] was checked at the bedside.", "Medical Record #: [mrn]", "Chart # [mrn]", "Hospital number: [mrn]", "Patient number [mrn].", "Medical record no. [mrn] was requested."),
    "plan": ("Insured under policy number [plan].", "Health insurance ID [plan].", "Blue Cross member number [plan].", "Beneficiary number: [plan]", "Plan ID [plan].", "Medicare ID: [plan]"),
    "account": ("Patient account: [account]", "Hospital account number [account].", "Paid with card number [card].", "Acct No. [account]", "Bank account [account].", "Visa [card] was charged."),
    "licence": ("State license # [licence].", "Drivers license no [licence].", "Nursing license: [licence]", "Provider NPI: [npi]", "DEA # [dea]", "License no.: [licence]"),
    "vehicle": ("Car with license plate [plate] struck him.", "His truck, plate [plate], was totaled.", "VIN number [vin].", "Vehicle ID [vin].", "License tag number [plate]."),
    "device": ("The device serial number is [serial].", "ICD serial [serial].", "Hip implant, serial no [serial].", "CPAP serial number: [serial]", "S/N: [serial]", "Tablet with MAC [mac]."),
    "url": ("Family blog at [url].", "He uploaded the video to [url].", "Link: [url]", "Her profile [url] was shown to me."),
    "ip": ("Video visit from address [ip].", "Client IP: [ip]", "The session came from [ip]."),
    "biometric": ("Fingerprint record [bio].", "Palm vein template [bio].", "Voice print ID: [bio]", "Iris code [bio].", "Facial recognition ID [bio]."),
    "photo": ("[photo] obtained with consent.", "Attached file [photofile].", "[photo] is in the media tab.", "Wound picture saved as [photofile]."),
    "other": ("Specimen [other] was sent to pathology.", "Trial participant ID [other].", "Claim number [other].", "Accession #: [other]", "Enrolled as subject [other].", "Passport no. [passport].", "Requisition [other].", "Badge number [other].", "Order ID: [other]"),
}  # fmt: skip

ZH_BLIND: dict[str, tuple[str, ...]] = {
    "name": (
        "病史由其女儿[name]提供。", "送检医师：[name]", "[name]教授主刀。", "今日随[name]主任查房。", "患儿[name]，女，6岁。", "他叫[name]，是我爸爸。", "我老公[name]一直抽烟。", "经[name]同意后手术。",
        "患者[name]因胸痛就诊。", "联系人[name]，关系：夫妻。", "麻醉医师：[name]", "[surname]主任让我住院。", "[name]（男，50岁）。", "责任护士：[name]", "请问[name]医生在吗？", "我姓名是[name]。",
    ),
    "place": ("家庭住址：[addr]。", "居住于[addr]。", "曾在[hospital]住院。", "从[hospital]转来。", "现在在[company]工作。", "老家在[city]。", "我在[city]打工。", "请寄到[addr]。", "在[hospital]确诊的。", "任职于[company]。"),
    "date": ("于[date]行手术治疗。", "生于[dob]。", "末次月经[date]。", "[date]出院。", "我奶奶[age]岁了。", "从[monthyear]开始吃药。", "这个[weekday]要复诊。", "[holiday]期间发作过。", "[monthday]做的胃镜。", "签字日期：[date]"),
    "phone": ("家属电话：[phone]", "有事请拨打[mobile]。", "我手机[mobile]，请联系我。", "联系方式：[mobile]", "固定电话：[landline]"),
    "fax": ("传真：[landline]", "请传真至[landline]。"),
    "email": ("电子邮箱：[email]", "请把报告发[email]。", "E-mail：[email]"),
    "ssn": ("身份证号码：[id]", "公民身份号码[id]。", "我的身份证是[id]。", "有效证件号：[id]"),
    "record": ("住院号[mrn]。", "病案号：[mrn]", "门诊病历号[mrn]。", "患者ID：[mrn]", "就诊号：[mrn]", "住院病历号：[mrn]"),
    "plan": ("医保编号：[plan]", "社会保障卡号[plan]。", "医疗保险号：[plan]", "新农合证号[plan]。"),
    "account": ("卡号：[card]", "汇款账户[card]。", "加我微信[wechat]。", "我的QQ号是[qq]。"),
    "licence": ("驾照号码[id]。", "医师执业证号：[licence]", "资格证书编号[licence]。"),
    "vehicle": ("肇事车辆车牌为[plate]。", "车牌号码：[plate]", "车辆识别代号[vin]。", "被[plate]撞伤。"),
    "device": ("植入起搏器，序列号[serial]。", "支架编号：[serial]", "仪器编号[serial]。"),
    "url": ("网站[url]", "链接：[url]"),
    "ip": ("IP：[ip]", "来自IP地址[ip]。"),
    "biometric": ("指纹ID：[bio]", "虹膜识别号[bio]。", "面部识别编号：[bio]"),
    "photo": ("已拍[photo]。", "文件[photofile]。", "[photo]见附件。"),
    "other": ("影像号：[other]", "超声号[other]。", "条码号：[other]", "受试者编号[other]。", "护照号码：[passport]", "病理号：[other]"),
}  # fmt: skip
