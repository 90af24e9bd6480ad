//! Headings of the usual systems (Workday, SuccessFactors, BambooHR, Personio, Entra, ADP, Salesforce, HubSpot, Dynamics …), as
//! listed in `formats/rosters.md` sections 2 and 6. Compared by [`super::table::key`]. Earlier words win over later ones.

use super::table::key;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // The names say it; the fields of Person, Contact, Client, Leave and Expected explain them.
pub enum Target {
    Id,
    Name,
    Given,
    Family,
    Email,
    Phone,
    Handles,
    Department,
    Grade,
    Manager,
    Region,
    Start,
    LastDay,
    Notice,
    Status,
    Company,
    Domain,
    Owner,
    Value,
    Person,
    From,
    To,
    Kind,
    Channel,
    Day,
    Count,
    /// Known, and of no use here.
    Aside,
}

impl Target {
    /// The word used in readings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Given => "given name",
            Self::Family => "family name",
            Self::Email => "e-mail",
            Self::Phone => "phone",
            Self::Handles => "handles",
            Self::Department => "department",
            Self::Grade => "grade",
            Self::Manager => "manager",
            Self::Region => "region",
            Self::Start => "start date",
            Self::LastDay => "last day",
            Self::Notice => "notice date",
            Self::Status => "status",
            Self::Company => "client",
            Self::Domain => "domain",
            Self::Owner => "owner",
            Self::Value => "value",
            Self::Person => "person",
            Self::From => "from",
            Self::To => "to",
            Self::Kind => "kind",
            Self::Channel => "channel",
            Self::Day => "day",
            Self::Count => "expected",
            Self::Aside => "",
        }
    }
}

/// Targets with the headings that mean them, best first; words separated by blanks.
pub type Synonyms = [(Target, &'static str)];

const GIVEN: (Target, &str) = (Target::Given, "firstname givenname preferredfirstname legalfirstname namegivenname vorname prenom nombre nome 名");
const FAMILY: (Target, &str) =
    (Target::Family, "lastname familyname surname preferredlastname legallastname namefamilyname sn nachname nomdefamille apellido apellidos cognome 姓");
const EMAIL: (Target, &str) = (
    Target::Email,
    "email primaryworkemail workemail emailaddress mail emails emailaddresses workemails bestemail businessemail companyemail corporateemail emailwork \
     primaryemail officeemail emailaddress1 emailaddress2 emailaddress3 email1 email2 email3 secondaryemail additionalemail additionalemailaddresses \
     proxyaddresses userprincipalname upn othermails emailalias aliases alias emailaliases useremail mailaddress emailadresse mailadresse dienstlicheemail \
     correo correoelectronico courriel adressemail adresseemail username 邮箱 电子邮件 邮件 homeemail personalemail privateemail emailsvalue emailstypeeqworkvalue",
);
const PHONE: (Target, &str) = (
    Target::Phone,
    "phone mobile mobilephone cell cellphone workphone primaryworkphone businessphone businessphones phonenumber phonenumbers mobilephonenumber mobilenumber \
     telephone telephonenumber telephone1 telephone2 telephone3 phones bizphone homephone workmobile officephone directphone otherphone tel telefon \
     telefonnummer mobil mobilnummer handy handynummer rufnummer telefono movil portable mobiltelefon 电话 手机 手机号 联系电话",
);

/// An employee list.
pub const PEOPLE: &Synonyms = &[
    (
        Target::Id,
        "employeeid workerid personid personnumber userid empid employeenumber employee# staffid staffnumber filenumber associateid personalnummer \
         mitarbeiternummer personalnr externalid hrid id 工号 员工编号",
    ),
    (
        Target::Name,
        "name displayname preferredname fullname employeename worker legalname formattedname employee cn mitarbeiter mitarbeiterin mitarbeitername fullname1 \
         fullname2 fullname3 fullname4 fullname5 staffname personname nomcomplet nombrecompleto 姓名 员工姓名 nickname",
    ),
    GIVEN,
    FAMILY,
    EMAIL,
    PHONE,
    (Target::Handles, "handles handle accounts messengers messenger chathandles imhandles chataccounts socialhandles messengeraccounts"),
    (
        Target::Department,
        "department supervisoryorganization division costcenter costcenterhierarchy team homedepartment departmentname orgunit organizationalunit ou \
         businessunit subcompany abteilung bereich kostenstelle departement service departamento reparto 部门 departmentnumber desk",
    ),
    (
        Target::Grade,
        "grade joblevel managementlevel level businesstitle jobtitle title position jobprofile joblevelname jobcode rank stelle positionsbezeichnung \
         stellenbezeichnung poste cargo puesto 职位 职级 employeetype corporatetitle",
    ),
    (
        Target::Manager,
        "manager managerid managername manageremail linemanager supervisor supervisorid supervisoreid supervisorname reportsto reportsemail managervalue \
         vorgesetzter vorgesetzte vorgesetzter vorgesetzterr fuhrungskraft responsable jefe superior 经理 上级 直属上级",
    ),
    (
        Target::Region,
        "region location office country officelocation worklocation physicaldeliveryofficename site city standort buro ort land region pays pais ubicacion 地区 地点 城市",
    ),
    (
        Target::Start,
        "hiredate startdate rehiredate originalhiredate continuousservicedate employeehiredate dateofjoining joiningdate joindate start firstday \
         employmentstartdate eintrittsdatum eintritt dateembauche datedentree fechadeingreso fechaalta 入职日期 入职时间",
    ),
    (
        Target::LastDay,
        "lastday lastdayofwork lastworkingday lastdayworked lastdate terminationdate enddate leavingdate leavedate companyexitdate exitdate separationdate \
         leaverdate dol dateofleaving employeeleavedatetime terminatedat employmentenddate contractenddate austrittsdatum austritt letzterarbeitstag datedesortie \
         datedepart fechadebaja fechabaja fechasalida 离职日期 最后工作日 离职时间 end",
    ),
    (
        Target::Notice,
        "noticedate notificationdate resignationdate noticegiven dateofnotice dateofresignation kundigungsdatum kuendigungsdatum terminationterminatedat 辞职日期",
    ),
    (
        Target::Status,
        "status employmentstatus workerstatus activestatus employeestatus active accountenabled employmenthistorystatus onleave userstatus statut estado \
         beschaftigungsstatus 状态 在职状态",
    ),
    (
        Target::Aside,
        "terminationreason terminationtype primaryterminationcategory gender dateofbirth birthdate nationality usertype company hr timezone managementchain \
         covered registered salary geschlecht geburtsdatum",
    ),
];

/// A client list.
pub const CLIENTS: &Synonyms = &[
    (
        Target::Company,
        "client clientname cliententity entity company companyname account accountname associatedcompany organization organisation organizationname \
         parentcustomerid customer customername employer firm firma unternehmen kunde mandant kundenname societe entreprise empresa cliente azienda 公司 客户 客户名称 org",
    ),
    (
        Target::Name,
        "name contact contactname fullname contactperson person displayname fn ansprechpartner kontakt kontaktperson nomcontact contacto 姓名 联系人",
    ),
    GIVEN,
    FAMILY,
    EMAIL,
    PHONE,
    (Target::Handles, "handles handle accounts messengers messenger chathandles imhandles messengeraccounts"),
    (
        Target::Domain,
        "domain domains companydomain companydomainname emaildomain emaildomains maildomain maildomains website websiteurl web url homepage internetseite",
    ),
    (
        Target::Owner,
        "owner accountowner contactowner ownername ownerid hubspotownerid relationshipmanager relationshipowner accountmanager coverage coverageofficer \
         salesperson salesrep betreuer kundenbetreuer 客户经理 负责人",
    ),
    (Target::Value, "value annualvalue revenue annualrevenue clientvalue accountvalue aum amount wert umsatz valeur valor 价值 金额"),
    (Target::Region, "region country location billingcountry mailingcountry city territory land standort pays pais 地区 国家"),
    (
        Target::Aside,
        "id contactid recordid accountid hsobjectid associatedcompanyids createddate createdate lastactivitydate lastcontacted type accountstatus isdeleted \
         lifecyclestage leadstatus statecode title jobtitle salutation department status",
    ),
];

/// Leave.
pub const LEAVE: &Synonyms = &[
    (
        Target::Person,
        "person employee name worker employeename employeeid workerid personid userid email workemail user mitarbeiter personalnummer staff who custodian 员工 姓名",
    ),
    (Target::From, "from start startdate firstday leavestart leavefrom begin beginn von begindate startsat absencestart desde du debut 开始日期"),
    (Target::To, "to end enddate lastday leaveend leaveto until till bis ende endsat absenceend hasta au fin 结束日期"),
    (Target::Kind, "kind type leavetype reason absencetype timeofftype category art grund abwesenheitsart motif tipo 类型"),
];

/// Expected counts.
pub const EXPECTED: &Synonyms = &[
    (Target::Channel, "channel platform medium app application system kanal canal 渠道"),
    (Target::Person, "person employee name custodian worker employeename employeeid personid userid email user mitarbeiter account 员工 姓名"),
    (Target::Day, "day date datum tag fecha jour 日期"),
    (Target::Count, "expected count expectedcount messages messagecount number total anzahl erwartet nombre 数量"),
];

/// The target an exact synonym names, with its rank (0 = best word).
pub fn exact(synonyms: &Synonyms, heading: &str) -> Option<(Target, usize)> {
    exact_key(synonyms, &key(heading))
}

/// The same for a heading whose [`key`] is known.
pub fn exact_key(synonyms: &Synonyms, key: &str) -> Option<(Target, usize)> {
    if key.is_empty() {
        return None;
    }
    synonyms.iter().find_map(|(target, words)| words.split_whitespace().position(|w| w == key).map(|rank| (*target, rank)))
}

/// The target whose synonym (six letters or more) stands within the heading: `Employee Work Email`.
pub fn contained(synonyms: &Synonyms, heading: &str) -> Option<(Target, usize)> {
    let key = key(heading);
    // `Manager Work Email` is about the manager, `Emergency Contact Phone` about somebody else.
    if ["emergency", "assistant", "approver", "hrbp", "spouse", "dependent", "createdby", "modifiedby"].iter().any(|w| key.contains(w)) {
        return None;
    }
    for (word, target) in [("manager", Target::Manager), ("supervisor", Target::Manager), ("vorgesetzt", Target::Manager), ("owner", Target::Owner)] {
        if key.contains(word) && synonyms.iter().any(|(t, _)| *t == target) {
            return Some((target, 500));
        }
    }
    let hits = synonyms.iter().flat_map(|(t, words)| words.split_whitespace().map(move |w| (*t, w)));
    let long = hits.filter(|(_, w)| w.chars().count() >= 6 && w.is_ascii() && key.contains(w));
    long.max_by_key(|(_, w)| w.len()).map(|(t, w)| (t, 1000 - w.len()))
}

/// The channel a handle column is about: `Slack ID`, `whatsapp`, `WeChat handle`; empty for a general one.
pub fn handle_channel(heading: &str) -> Option<String> {
    let key = key(heading);
    if matches!(
        key.as_str(),
        "handles" | "handle" | "accounts" | "messengers" | "messenger" | "chathandles" | "imhandles" | "messengeraccounts" | "chataccounts"
    ) {
        return Some(String::new());
    }
    let mut stem = key.as_str();
    for _ in 0..2 {
        let cut = ["userid", "memberid", "objectid", "handle", "number", "account", "username", "user", "name", "phone", "id"];
        stem = cut.iter().find_map(|s| stem.strip_suffix(s)).unwrap_or(stem);
    }
    let channel = crate::import::delimited::platform::known(stem)?;
    // `E-mail`, `Phone` and `Text` are other columns.
    (!matches!(channel, "email" | "phone" | "sms" | "line") || matches!(key.as_str(), "lineid" | "smsnumber" | "linehandle")).then(|| channel.to_owned())
}
