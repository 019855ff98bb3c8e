/**
 * The most frequent given names and surnames of the United States (Social Security Administration, births by decade; Census
 * Bureau, surnames of 2010), without those that are ordinary words, months or large places (Mark, Grace, May, Young, King,
 * Jackson, Austin). Enough of a column of names is among them to tell it from other words; nobody is told by them.
 */
const NAMES: ReadonlySet<string> = new Set(
  [
    'james robert john michael david william richard joseph thomas christopher charles daniel matthew anthony steven andrew paul',
    'joshua kenneth kevin brian timothy ronald jason george edward jeffrey ryan jacob nicholas gary eric jonathan stephen larry',
    'justin scott brandon benjamin samuel gregory alexander patrick raymond jack dennis jerry tyler aaron jose adam nathan henry',
    'zachary douglas peter kyle noah ethan jeremy christian walter keith roger terry harry sean gerald carl dylan arthur lawrence',
    'jordan jesse bryan bruce gabriel joe logan alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell',
    'philip eugene liam lucas oliver carlos luis miguel antonio jesus manuel francisco pedro alejandro victor mario fernando',
    'mary patricia jennifer linda elizabeth barbara susan jessica karen sarah lisa nancy sandra betty ashley emily kimberly',
    'margaret donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy kathleen angela shirley',
    'emma brenda pamela nicole anna samantha katherine christine debra rachel carolyn janet maria olivia heather helen catherine',
    'diane julie victoria joyce lauren kelly christina ruth joan evelyn judith andrea hannah megan cheryl jacqueline martha madison',
    'teresa gloria sara janice ann kathryn abigail sophia frances jean alice judy isabella julia denise danielle marilyn',
    'beverly theresa diana brittany natalie marie kayla alexis lori rosa maryann guadalupe juanita mercedes esperanza',
    'smith johnson williams jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson taylor moore martin',
    'lee perez thompson harris sanchez clark ramirez lewis robinson walker allen wright torres nguyen flores adams nelson baker',
    'rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker edwards collins reyes stewart morris morales',
    'murphy rogers gutierrez ortiz morgan peterson bailey reed howard ramos kim richardson watson brooks chavez bennett mendoza ruiz',
    'hughes alvarez castillo sanders patel myers ross foster jimenez powell jenkins perry sullivan coleman butler henderson barnes',
    'gonzales fisher vasquez simmons romero patterson alexander hamilton reynolds griffin wallace moreno herrera gibson ellis medina',
    'stevens murray castro marshall owens harrison fernandez mcdonald kennedy vargas henry chen freeman tran guzman burns crawford',
    'olson simpson porter gordon mendez silva shaw snyder dixon munoz hicks holmes palmer wagner robertson boyd salazar fox warren',
    'meyer schmidt garza soto schultz schneider cohen levine kowalski hoffman mueller larson carlson jensen hansen oconnor obrien',
  ]
    .join(' ')
    .split(' '),
);

/** Any word of the text, in any case. */
export function hasCommonName(text: string): boolean {
  return text
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => NAMES.has(word));
}
