"""A second set of sentences that carry identifiers, only for one measurement: no rule, template or weight was made from
it, and it was measured once (benchmarks/deid.json, `blind2`).

Written before the rules of that measurement, after the manner of discharge letters, triage and nursing notes, operation
and imaging reports, telephone messages and social work. Knows nothing of the rules.
"""

BLIND2: dict[str, tuple[str, ...]] = {
    "name": (
        "[full] arrived by ambulance after a fall at home.", "Handed over to [first] on the night shift.", "It was a pleasure to see [title] [last] in clinic today.",
        "Daughter-in-law [first] translated throughout the visit.", "Surgeon: [full]; first assistant: [full].", "Pt's sister ([full]) phoned for an update.",
        "Triaged by [first] [last], RN, at 14:20.", "[last] was extubated this morning and is breathing comfortably.", "Both [first] and her husband understand the risks.",
        "Thank you for referring this delightful woman, [full], to us.", "I have asked [title] [last] to bring the old films.", "Specimen collected by [initials] and sent to the laboratory.",
        "Health care proxy is her niece [full].", "[first]'s appetite has improved since the steroid taper.", "Case discussed with Drs. [last] and [last].",
        "Interpreter [first] assisted by video.", "Sutures were placed by [full] under local anesthesia.", "Boyfriend [first] found her on the bathroom floor.",
        "Bed 12, [last], needs a repeat potassium.", "The baby was named [first].", "Supervising physician [full] was present for key portions.",
        "RE: [lastfirst]", "[upper] - PROGRESS NOTE", "Wound care teaching given to [first], who repeated it back.", "Home health aide, [first], comes three mornings a week.",
        "Mrs [last]'s family would like a meeting.", "Social worker [full] is arranging transport.",
    ),
    "place": (
        "Discharged home to [address].", "Just returned from a holiday in [town].", "Brought in by EMS from [hospital].", "Works night shifts at [company].",
        "Family drove three hours from [town] to be here.", "Prescription sent to the pharmacy in [town].", "Previously cared for at [hospital] before moving.",
        "Grew up on a farm outside [town] and now lives in [town], [state].", "Records requested from [hospital].", "She has a cottage near [town] where ticks are common.",
        "Patient's residence is [address].", "He is a retired accountant who worked for [company] for 30 years.", "Accepted for rehabilitation at [hospital].",
        "Please send the appliance to [address].", "[town] resident with no sick contacts.", "Her pediatrician is in [town].", "Currently homeless, last shelter was in [town].",
    ),
    "date": (
        "Date of operation: [date]", "Patient passed away peacefully on [date].", "Sutures to come out on [weekday].", "Seizure free since [monthyear].", "Pathology was signed out on [date].",
        "LMP was [date].", "She is [age] and still gardens.", "Echo from [date] showed preserved ejection fraction.", "Great-grandmother, [age] years of age, mobile with a frame.",
        "Planned delivery on [date] by repeat section.", "Chest film ([date]): clear.", "Missed dialysis on [weekday] because of snow.", "Onset around [holiday].",
        "Vaccinated [date], second dose due [date].", "DOB: [dob], here with back pain.", "Hospital course: on [date] he spiked a fever.", "Will be seen again on [daymonth].",
    ),
    "phone": (
        "Callback number is [phone].", "Daughter's mobile: [phone].", "Left a voicemail at [phone].", "For results ring [phone] after noon.", "Work: [phone]", "Son can be reached day or night, [phone].",
    ),
    "fax": ("Sent by fax to [phone].", "Clinic fax [phone].", "Fax results to us on [phone].", "Tel/fax: [phone]"),
    "email": ("She prefers e-mail ([email]).", "cc: [email]", "Portal invitation sent to [email].", "Her address is [email]."),
    "ssn": ("Social: [ssn]", "Soc sec [ssn] per registration.", "SSN on the form was [ssn].", "Identity confirmed with SSN [ssn]."),
    "record": ("MRN [mrn], ward 4B.", "Our record no. [mrn].", "Hospital number: [mrn]", "Patient number [mrn].", "MRN# [mrn] verified with wristband.", "Patient: [mrn]"),
    "plan": ("Insured under member number [plan].", "Policy no. [plan] expired.", "Beneficiary ID [plan].", "Medicare ID: [plan]"),
    "account": ("Copay charged to card [card].", "Account: [account], balance due.", "Billing acct no [account].", "Statement for account number [account] returned."),
    "licence": ("Driving license no. [licence] was presented.", "State license [licence].", "Prescriber DEA [dea].", "Provider NPI: [npi]"),
    "vehicle": ("Struck by a car, plate [plate].", "Vehicle identification number [vin] on the police report.", "Handicap placard issued for license plate [plate]."),
    "device": ("ICD generator, serial [serial].", "Glucose sensor S/N: [serial]", "Knee prosthesis serial number: [serial]", "Device serial no [serial] interrogated."),
    "url": ("Video visit link: [url]", "Family blog at [url] documents the illness.", "Consent form stored at [url]."),
    "ip": ("Telehealth session from IP address [ip].", "Remote monitor at [ip] offline.", "Source IP: [ip]"),
    "biometric": ("Fingerprint record [bio] on file.", "Palm scan ID: [bio]", "Enrolled with voiceprint ID [bio]."),
    "photo": ("[photo] placed in the media tab.", "Rash documented, see [photofile].", "[photo] obtained with consent."),
    "other": (
        "Accession [other].", "Encounter number: [other]", "Enrolled as participant [other].", "Claim number [other] denied.", "Specimen no. [other] received fresh.", "Travels on passport [passport].",
        "Requisition # [other]",
    ),
}  # fmt: skip

ZH_BLIND2: dict[str, tuple[str, ...]] = {
    "name": (
        "[name]，女，因腹痛就诊。", "我妈妈叫[name]。", "手术医师：[name]，第一助手：[name]。", "已告知患者之子[name]病情。", "[name]主任查房后指示继续抗感染。", "今天[surname]医生给我开了药。", "病人姓名：[name]",
        "责任护士[name]已宣教。", "老公[name]陪我去的。", "授权委托人：[name]", "感谢[name]医生的耐心解答。", "记录者：[name]", "请[name]教授会诊。",
    ),
    "place": ("家在[addr]。", "从[city]赶来就诊。", "曾在[hospital]住院治疗。", "由[hospital]转来。", "退休前在[company]工作。", "常住地址：[addr]", "药寄到[addr]。", "我在[hospital]拍的片子。"),
    "date": ("于[date]行剖宫产术。", "[dob]出生。", "末次月经[date]。", "病理报告日期：[date]", "预约[monthday]复诊。", "爷爷今年[age]岁了。", "[monthyear]起出现胸闷。", "星期[wd]出的院。", "[date]出院，恢复好。"),
    "phone": ("家属电话：[mobile]", "有事打我手机[mobile]。", "科室电话[landline]。", "联系方式：[mobile]"),
    "fax": ("科室传真：[landline]", "请传真至[landline]。"),
    "email": ("报告发[email]。", "我的邮箱是[email]。"),
    "ssn": ("身份证号码：[id]", "登记的身份证为[id]。", "公民身份号码[id]。"),
    "record": ("病历号：[mrn]", "住院号[mrn]，3床。", "患者：[mrn]", "门诊病历号[mrn]。"),
    "plan": ("医保卡[plan]。", "社会保障卡号：[plan]", "医保编号[plan]。"),
    "account": ("退费至银行卡[card]。", "加我微信[wechat]。", "缴费账号：[card]"),
    "licence": ("驾照号[id]。", "执业医师证书编码：[licence]"),
    "vehicle": ("肇事车牌[plate]。", "车辆识别代号：[vin]"),
    "device": ("支架序列号：[serial]", "起搏器编号[serial]。"),
    "url": ("链接：[url]", "检查结果在[url]能看到。"),
    "ip": ("问诊IP：[ip]", "来自IP [ip]。"),
    "biometric": ("指纹ID：[bio]", "人脸编号[bio]。"),
    "photo": ("已拍摄[photo]。", "皮疹见[photofile]。"),
    "other": ("影像号：[other]", "标本编号[other]。", "护照号码：[passport]", "受试者编号[other]。"),
}  # fmt: skip
