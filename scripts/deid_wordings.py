"""Sentences that carry identifiers, for training and measurement. `[kind]` stands for a value; `[kind|x]` has a form.

TUNED wordings train the tagger and were looked at while the rules were written; BLIND ones (deid_wordings_blind.py) were
only measured. Knows nothing of the rules.
"""

TUNED: dict[str, tuple[str, ...]] = {
    "name": (
        "[full] is a patient of this practice.", "Mr. [last] was seen with his daughter [first].", "Dr. [last] will see the patient next week.",
        "The patient's wife, [full], was at the bedside.", "Discussed with [full], RN.", "Patient: [full]", "Name: [lastfirst]", "[first] tolerated the procedure well.",
        "Ms. [last] denies chest pain.", "Referred by [full], MD.", "His brother [first] also has diabetes.", "Electronically signed by [full].",
        "She lives with her husband [first] and her son [first].", "cc: Dr. [full]", "Attending: [full]", "[title] [last] agreed with the plan.",
        "I spoke with [full] by telephone.", "Hi [first], how are you today?", "[first] [last] presents for follow-up.", "seen by dr [last] in clinic",
        "Consent was signed by [first] [last], the mother.", "Emergency contact: [full] (sister).", "Per [full], the patient had been confused.",
        "[initials] is a patient known to us.", "Reviewed with [initials].", "Nurse [last] gave the injection.", "Dictated by: [full]",
        "[first] reports that the pain is better.", "Today [first] feels well.", "Follow up with [last] in cardiology.", "Caregiver [first] helps with bathing.",
        "[last] has been compliant with metformin.", "Dear Dr. [last],", "NAME: [upper]", "We will let [first] know the results.",
        "According to [full], there were no seizures.", "My name is [first].", "the patient's son [first] called this morning",
    ),
    "place": (
        "Lives at [address].", "He lives in [town] with his family.", "Home address: [address]", "She moved from [town] last year.", "Address: [address].",
        "Was born in [town].", "Transferred from [hospital].", "Admitted to [hospital] for observation.", "The patient is from [town].",
        "He works at [company].", "Retired from [company].", "Resides at [address].", "Recently traveled to [town].", "ZIP code [zip].", "Mail results to [address].",
        "Followed at the clinic in [town].", "Employer: [company]", "Lives in [town], [state] [zip].", "Grew up near [town].", "Seen at [hospital].",
    ),
    "date": (
        "Seen on [date].", "Date of birth: [dob]", "Surgery on [date] was uneventful.", "DOB [dob].", "Admitted [date] and discharged [date].", "Last colonoscopy in [monthyear].",
        "She is a [age] year old woman.", "Age: [age]", "The [age]-year-old lives alone.", "Symptoms began the day after [holiday].", "Appointment next [weekday].",
        "He was born on [dob].", "MRI dated [date] was normal.", "Next visit [date] at 10:30.", "Pain since [date].", "Fell last [weekday].",
        "Aged [age], still drives.", "Flu shot given on [daymonth].", "His mother died at age [age].", "Dictated: [date]", "Two weeks before [holiday] he had a fever.",
    ),
    "phone": (
        "Phone: [phone]", "Call her at [phone].", "Reached at [phone] after hours.", "Contact number [phone].", "Cell [phone].", "Pager [phone].", "Tel. [phone]",
        "Home phone is [phone].", "His daughter can be called on [phone].", "(H) [phone]",
    ),
    "fax": ("Fax: [phone]", "Results were faxed to [phone].", "Fax number [phone].", "F: [phone]", "Please fax records to [phone]."),
    "email": ("Email: [email]", "Send the results to [email].", "Contact by e-mail at [email].", "Patient portal login [email].", "Write to [email] with questions."),
    "ssn": ("SSN: [ssn]", "Social security number [ssn].", "SS# [ssn]", "Her social security no. is [ssn].", "Identified by [ssn]."),
    "record": (
        "MRN: [mrn]", "Medical record number [mrn].", "MR# [mrn]", "Chart number [mrn].", "Patient ID: [mrn]", "Hospital no. [mrn]", "Med Rec No: [mrn]", "Unit number [mrn].",
    ),
    "plan": (
        "Member ID [plan].", "Health plan number: [plan]", "Insurance policy [plan].", "Medicare number [plan].", "Subscriber ID: [plan]", "Group number [plan].", "Medicaid ID [plan].",
    ),
    "account": ("Account number [account].", "Acct# [account]", "Billing account: [account]", "Card on file [card].", "Credit card [card].", "Account no. [account]"),
    "licence": ("Driver's license [licence].", "License number [licence].", "DEA number [dea].", "NPI [npi].", "Medical license no. [licence].", "Driver license: [licence]"),
    "vehicle": ("VIN [vin].", "License plate [plate].", "Vehicle plate [plate] at the scene.", "Drives a car with plate number [plate].", "Vehicle identification number: [vin]"),
    "device": (
        "Pacemaker serial number [serial].", "Serial no. [serial].", "Device ID: [serial]", "Implant S/N [serial].", "Insulin pump serial [serial].", "MAC address [mac].",
    ),
    "url": ("See [url] for details.", "Posted at [url].", "Website: [url]", "Images at [url]."),
    "ip": ("Logged in from IP [ip].", "IP address [ip].", "Connection from [ip]."),
    "biometric": ("Fingerprint ID [bio].", "Retinal scan ID [bio].", "Voiceprint [bio].", "Biometric template [bio].", "Iris scan code: [bio]"),
    "photo": ("[photo] taken for the chart.", "See [photofile].", "[photo] was uploaded.", "Image file [photofile]."),
    "other": (
        "Accession number [other].", "Study ID [other].", "Subject number [other].", "Encounter # [other].", "Specimen ID: [other]", "Order number [other].", "Passport [passport].",
        "Employee ID [other].", "Case number [other].", "Visit ID [other].",
    ),
}  # fmt: skip

ZH_TUNED: dict[str, tuple[str, ...]] = {
    "name": (
        "患者[name]，男，45岁。", "姓名：[name]", "我叫[name]。", "主治医师：[name]", "[name]医生建议我复查。", "家属[name]签字。", "联系人：[name]", "找[name]主任看过。", "我儿子[name]也有这个病。",
        "[surname]医生说没事。", "[name]女士您好。", "医师签名：[name]", "病人[name]于昨日入院。", "谢谢[surname]大夫！", "护士[name]给我打的针。", "母亲[name]有高血压。", "患者姓名[name]，女。",
        "[name]先生，您的检查结果出来了。", "会诊医师[name]认为可以手术。",
    ),
    "place": (
        "家住[addr]。", "住址：[addr]", "我在[hospital]做的检查。", "地址：[addr]。", "工作单位：[company]", "我在[company]上班。", "来自[city]。", "我是[city]人。", "转入[hospital]治疗。", "现住[addr]。",
        "户籍地址：[addr]", "就诊于[hospital]。", "单位[company]组织体检。",
    ),
    "date": (
        "[date]入院。", "出生日期：[dob]", "手术日期：[date]。", "我是[date]做的手术。", "今年[age]岁。", "患者[age]岁。", "[monthday]开始发烧。", "上周[wd]去的医院。", "[holiday]以后一直咳嗽。", "[date]复查正常。", "[monthyear]查出糖尿病。",
    ),
    "phone": ("电话：[phone]", "联系电话[phone]。", "手机号：[mobile]", "我的电话是[mobile]。", "可以打[mobile]找我。", "座机[phone]。"),
    "fax": ("传真：[landline]", "传真号[landline]。"),
    "email": ("邮箱：[email]", "发到我邮箱[email]。", "电子邮件[email]"),
    "ssn": ("身份证号：[id]", "身份证[id]。", "身份证号码是[id]。", "证件号码：[id]"),
    "record": ("住院号：[mrn]", "病案号[mrn]。", "门诊号：[mrn]", "病历号[mrn]。", "就诊卡号：[mrn]", "登记号：[mrn]"),
    "plan": ("医保卡号：[plan]", "社保卡号[plan]。", "医保号：[plan]", "参保号[plan]。"),
    "account": ("银行卡号：[card]", "账号[card]。", "微信号：[wechat]", "QQ：[qq]", "银行账户[card]。"),
    "licence": ("驾驶证号：[id]", "执业证书编号：[licence]", "医师资格证号[licence]。"),
    "vehicle": ("车牌号：[plate]", "车牌[plate]。", "开[plate]来的。", "车架号：[vin]"),
    "device": ("起搏器序列号：[serial]", "设备编号：[serial]", "序列号[serial]。"),
    "url": ("网址：[url]", "详见[url]"),
    "ip": ("登录IP：[ip]", "IP地址[ip]。"),
    "biometric": ("指纹编号：[bio]", "虹膜编号[bio]。", "人脸识别编号：[bio]"),
    "photo": ("附[photo]。", "见[photofile]。", "[photo]已上传。"),
    "other": ("检查号：[other]", "影像号[other]。", "标本号：[other]", "护照号[passport]。", "申请单号：[other]", "订单号[other]。"),
}  # fmt: skip
