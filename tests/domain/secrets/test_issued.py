"""Tokens that begin as their issuer's do: masked alone, without a name, wherever they stand."""

from __future__ import annotations

import base64
import json

import pytest

from bot.domain.secrets import MASK
from bot.domain.secrets.redaction import redact, shows_session

# Of invented letters, and joined here, so that a scanner of this repository does not take them for real ones.
MIXED = "Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3"
SMALL = MIXED.lower()
LARGE = MIXED.upper()
HEX = "46eb452e5cbe0561e5c806302904682b" * 2
BEGINS = """
ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glptt- ATATT3 ATCTT3 ATBB npm_ pypi-Ag dckr_pat_ dckr_oat_
rubygems_ AKCp AIza ya29. GOCSPX- dop_v1_ hvs. sk_live_ rk_live_ sk_test_ whsec_ sq0atp- shpat_ hf_ gsk_
xai- pplx- lin_api_ ntn_ figd_ sntrys_ glsa_ NRAK- PMAK- CCIPAT_ bkua_ sbp_ nfp_ vcp_ pscale_tkn_ pul- tskey-auth-
dp.pt. ops_eyJ snyk_ pat-eu1- HRKU- AGE-SECRET-KEY-1 xwfp-
""".split()
OTHERS = {
    **{begin: begin + MIXED for begin in BEGINS},
    "AWS": "AKIA" + LARGE[:16],
    "AWS, for a while": "ASIA" + LARGE[:16],
    "Databricks": "dapi" + HEX[:32],
    "Dynatrace": "dt0c01" + "." + LARGE[:24] + "." + LARGE[:64],
    "Terraform": MIXED[:14] + "." + "atlasv1" + "." + MIXED[:60],
    "Mailgun": "key" + "-" + HEX[:32],
    "Airtable": "pat" + MIXED[:14] + "." + HEX,
    "NuGet": "oy2" + SMALL[:43],
    "Azure DevOps": MIXED[:76] + "AZDO" + MIXED[:4],
    "Microsoft Entra": "Ab1" + "8Q~" + MIXED[:34],
    "a hashed password": "$" + "apr1$PAw63M8R$HyGFfHlmwkYxsxHUpU6DP.",
}
PLACES = (
    "{}",
    "here it is {} ok",
    "TOKEN={}\n",
    '{{"value":"{}"}}',
    "<https://x.test/?t={}|the page>",
    "`{}`",
)


@pytest.mark.parametrize("issuer", OTHERS)
def test_a_token_is_masked_by_how_it_begins(issuer: str) -> None:
    for place in PLACES:
        found = redact(place.format(OTHERS[issuer]))

        assert found.text == place.format(MASK).replace("{{", "{").replace("}}", "}")
        assert len(found.secrets) == 1


SAML = "<{}:Response ID='_a1'>".format("samlp") + "<saml:Assertion><saml:NameID>anna</saml:NameID></saml:Assertion>" * 4


@pytest.mark.parametrize("begin", ["<samlp:Response", "<saml:Assertion", "<saml2p:Response", "<saml2:Assertion"])
def test_an_answer_of_saml_is_masked_however_its_lines_are_broken(begin: str) -> None:
    letters = base64.b64encode((begin + SAML).encode()).decode()
    broken = "\n".join(letters[at : at + 76] for at in range(0, len(letters), 76))

    for text in (letters, broken, f"SAMLResponse={broken}", json.dumps({"body": f"saml_response: {broken}"})):
        left = redact(text).text

        assert not [letters[at : at + 24] for at in range(0, len(letters) - 24, 24) if letters[at : at + 24] in left]


@pytest.mark.parametrize("end", [".log", ".txt", ".acme.test", "."])
def test_a_token_is_no_name_of_a_file_whatever_ends_it(end: str) -> None:
    assert MIXED[:12] not in redact(f"see ghp{'_'}{MIXED}{end}").text


@pytest.mark.parametrize("mark", ["!", "%21", "%2521", "\\u0021", "&#33;", "\\!"])
def test_a_session_id_is_unmistakable_however_its_mark_is_written(mark: str) -> None:
    text = f"sid 00D5g000004CYAb{mark}AQEAQ{MIXED[:40]} there"

    assert shows_session(text)
    assert redact(text).text == f"sid {MASK} there"


@pytest.mark.parametrize(
    "text",
    [
        "commit 46eb452e5cbe0561e5c806302904682b46eb452e on branch hf_release-2026-connected-apps-for-everybody",
        "key-value pairs, pat yourself on the back, api-keys and sk-tests; PAT-2026, EAAC, xai-lab",
        "the permission set npm_Connected_Apps_2026 and the profile ghs_Integration_User_2",
        "app $5 off, $1$, $apr1$ and ${apr1}",
        "PHNhbWwgdG8gYmUgZGVjb2RlZCBieSBhbnlib2R5IGF0IGFsbA==",
        "00D5g000004CYAbEAO is the org's id, hvs. vault",
    ],
)
def test_what_only_begins_like_one_stays(text: str) -> None:
    assert redact(text).text == text
