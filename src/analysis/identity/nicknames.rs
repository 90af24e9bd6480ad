//! Short and pet forms of given names, a group of equal names to a line. Compiled from general knowledge for the languages in which exports
//! come; all in plain letters. A name may stand in several groups (Sasha is Alexander and Alexandra).

use std::collections::BTreeMap;

const GROUPS: &[&str] = &[
    // English.
    "abigail abby gail", "abraham abe", "adelaide addie", "albert al bert bertie", "alexander alex alec sandy xander sasha aleksandr aleksander alexandr sascha alejandro",
    "alexandra alex sandra sasha alexa lexi aleksandra alejandra", "alfred alf alfie fred", "amanda mandy", "amelia amy millie mia", "andrew andy drew", "angela angie",
    "ann anna anne annie nan", "anthony tony ant", "antonia toni", "archibald archie", "arthur art artie", "barbara barb babs", "beatrice bea trixie", "benjamin ben benny",
    "bernard bernie", "bradley brad", "bridget biddy", "calum callum cal", "cameron cam", "carolyn caroline carol carrie", "catherine katherine kathryn kate katie kathy cathy kitty kat",
    "charles charlie chuck chas", "charlotte charlie lottie lotte", "christina christine chris tina chrissy", "christopher chris kit topher", "clifford cliff",
    "constance connie", "cynthia cindy", "daniel dan danny", "david dave davy", "deborah deb debbie", "dominic dom", "donald don donnie", "dorothy dot dottie dolly",
    "edmund ed ned", "edward ed eddie ted ned teddy", "edwin ed", "eleanor ellie nell nora", "elizabeth liz lizzie beth betty eliza lisa elsie libby betsy bess", "emily em emmy millie",
    "emma em emmy", "eugene gene", "florence flo florrie", "frances fran frankie", "francis frank frankie", "franklin frank", "frederick fred freddie freddy", "gabriel gabe",
    "gabrielle gabby", "geoffrey jeffrey geoff jeff", "gerald gerry jerry", "gillian jill", "gordon gordy", "grace gracie", "gregory greg", "hannah hanna", "harold harry hal", "harriet hattie",
    "helen nell nellie lena", "henry harry hank hal", "herbert herb bert", "hugh hughie", "isabel isabella isobel bella izzy belle", "jacob jake", "jacqueline jackie", "james jim jimmy jamie jem",
    "janet jan", "jane jenny janie", "jasmine jas jaz", "jason jay", "jennifer jen jenny", "jeremy jerry jez", "jessica jess jessie", "joan joanie", "joanna joanne jo", "john jack johnny jon",
    "jonathan jon jonny nathan", "jordan jordie", "joseph joe joey", "josephine jo josie", "joshua josh", "judith judy", "julia julie jules iulia yulia", "julian jules", "katarina kat katya", "kenneth ken kenny",
    "kimberly kim", "laura laurie", "lawrence laurence larry laurie", "leonard leo len lenny", "lillian lily", "louis lou louie", "louise lou", "lucy lu", "madeleine maddy", "malcolm mal",
    "marcus marc mark", "margaret maggie meg peggy madge greta rita", "maria marie mary mia", "mariam miriam mary", "marjorie marge", "martha marty", "martin marty", "marta martha", "matilda tilly", "matthew matt matty",
    "maureen mo", "maxwell max", "maximilian max", "melanie mel", "melissa mel", "michael mike mick micky mikey misha mikhail michel miguel", "michelle shelly", "mohammed mohammad muhammad mohamed mo", "mildred millie",
    "nancy nan", "natalie nat", "natalia natasha", "nathaniel nat nate nathan", "niamh neve", "nicholas nick nicky nico", "nicola nicole nicky nikki", "niall neil", "norman norm", "oliver ollie olly", "olivia liv livvy",
    "oscar ozzie", "pamela pam", "patricia pat patsy tricia trish", "patrick pat paddy", "penelope penny", "percival percy", "peter pete", "philip phillip phil pip", "rachel rach", "raymond ray",
    "rebecca becky becca", "reginald reg reggie", "richard rich rick ricky dick richie", "robert bob bobby rob robbie bert robin", "robin rob", "roderick rod", "rodney rod", "roger rodge", "ronald ron ronnie",
    "rosemary rose rosie", "rupert rupe", "ruth ruthie", "samantha sam sammy", "samuel sam sammy", "sanjay san sanj", "sarah sara sally sadie", "sebastian seb bastian", "sharon shaz", "sidney sid", "simon si", "sophia sofia sophie",
    "stanley stan", "stephanie steph steffi", "stephen steven steve stevie", "stuart stu", "susan sue susie suzy", "susanna sue susie", "sylvia sylvie", "terence terry", "theodore theo ted teddy", "theresa teresa terri tess tessa",
    "thomas tom tommy", "timothy tim timmy", "tobias toby tobi", "tyler ty", "valerie val", "veronica ronnie", "victor vic", "victoria vicky vic tori", "vincent vince vinnie", "virginia ginny",
    "walter walt wally", "wilfred wilf", "william bill billy will willy liam", "winifred winnie", "zachary zach zak", "ethan eth", "george georgie", "freya frey",
    // German.
    "friedrich fritz", "johannes hannes hans jo", "johann hans", "josef sepp jupp", "heinrich heinz heiner", "katharina kathi kati katja", "elisabeth lisa lisbeth sissi elli", "margarete gretel grete", "wilhelm willi",
    "maximilian maxi max", "sebastian basti", "matthias hias matze", "stefanie steffi", "christian chris", "thorsten torsten", "gunther gunter guenther", "magdalena lena leni", "helena lena", "ulrich uli", "ulrike uli",
    // French.
    "alexandre alex", "frederic fred", "dominique dom", "emmanuel manu", "gregoire greg", "stephane steph", "benoit ben", "nathalie nath",
    // Spanish, Portuguese, Italian.
    "francisco paco pancho fran kiko chico", "jose pepe ze", "ignacio nacho", "guadalupe lupe", "dolores lola", "enrique quique kike", "eduardo edu lalo", "guillermo memo guille", "jesus chuy", "antonio tono toni",
    "concepcion concha", "rafael rafa", "beatriz bea", "carlos charly carlitos", "lucia lucy", "renata renny", "alberto beto", "roberto beto rob", "gonzalo gonza", "santiago santi", "fernando nando fer", "joao juca",
    "giuseppe beppe pino", "giovanni gianni", "lorenzo renzo", "luigi gigi", "alessandro ale sandro", "francesco franco checco", "salvatore toto", "ana anita anna annie", "sofia sofi sophie", "luis lucho",
    // Russian, Polish, Ukrainian and neighbours.
    "aleksei alexei alexey aleksey lyosha alyosha alex", "anastasia nastya stasia", "dmitri dmitry dmitrii dima mitya", "evgeni evgeny yevgeny zhenya", "ekaterina katya kate", "ivan vanya", "maria masha", "mikhail misha", "natalia natalya natasha",
    "nikolai kolya nick", "olga olya", "pavel pasha", "sergei sergey seryozha serge", "svetlana sveta lana", "tatiana tatyana tanya", "vladimir volodya vova vlad", "viktor vitya", "yuri yura", "elena lena yelena", "anna anya ania", "andrei andrey andriy",
    "piotr petr peter", "katarzyna kasia kaska", "malgorzata gosia", "agnieszka aga", "joanna asia", "krzysztof krzys krzysiek", "tomasz tomek", "jan janek", "stanislaw staszek", "magdalena magda", "aleksandra ola", "michal michael",
    // Turkish, Arabic, South Asian.
    "mehmet memo", "mustafa musti", "elif ela", "abdullah abdul abdallah", "abdelrahman abdulrahman abdou", "yousef yusuf youssef joseph", "khaled khalid", "fatima fatma fatimah", "layla leila laila", "omar umar", "hassan hasan", "hussein hussain husain",
    "tariq tarek tareq", "ibrahim ibra", "zainab zaynab zeinab", "noura nora nura", "mariam maryam", "rajesh raj", "sanjeev sanj", "priyanka priya", "siddharth sid", "vikram vik vicky", "kavitha kavita kavi", "subramaniam subra mani", "imran immy",
    // Japanese and Korean given names are not shortened in writing to colleagues.
];

/// Other forms of every name of the groups: a nickname and its name, never nickname to nickname (Liz is no Betty).
pub struct Nicknames(BTreeMap<&'static str, Vec<&'static str>>);

impl Default for Nicknames {
    fn default() -> Self {
        let mut map: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
        for group in GROUPS {
            let Some((full, short)) = group.split_once(' ') else { continue };
            for name in short.split(' ') {
                map.entry(full).or_default().push(name);
                map.entry(name).or_default().push(full);
            }
        }
        for names in map.values_mut() {
            names.sort_unstable();
            names.dedup();
        }
        Self(map)
    }
}

impl Nicknames {
    /// The other forms of a given name.
    #[must_use]
    pub fn forms(&self, given: &str) -> &[&'static str] {
        self.0.get(given).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nickname_leads_to_its_names() {
        let all = Nicknames::default();
        assert!(all.forms("robert").contains(&"bob") && all.forms("bob").contains(&"robert"));
        assert!(all.forms("sasha").contains(&"alexander") && all.forms("sasha").contains(&"alexandra"));
        assert!(all.forms("betty") == ["elizabeth"] && all.forms("wei").is_empty());
    }

    #[test]
    fn all_groups_are_plain() {
        for group in GROUPS {
            assert!(group.bytes().all(|b| b.is_ascii_lowercase() || b == b' '), "{group}");
            let mut names: Vec<&str> = group.split(' ').collect();
            names.sort_unstable();
            let all = names.len();
            names.dedup();
            assert_eq!(names.len(), all, "{group}");
        }
    }
}
