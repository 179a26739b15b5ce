using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

/// <summary>What a role opens, door by door, whatever service the door belongs to.</summary>
public sealed class StaffAtDoorsTests
{
    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("POST", false)]
    [InlineData("PUT", false)]
    [InlineData("PATCH", false)]
    [InlineData("DELETE", false)]
    public void An_auditor_only_looks_even_where_a_key_that_reads_may_act(string method, bool opens)
    {
        foreach (var scope in Scopes.All)
        {
            Assert.Equal(opens, Passes(StaffRole.Auditor, method, scope));
        }
    }

    [Fact]
    public void The_other_roles_open_what_their_scopes_open_by_any_method()
    {
        foreach (var role in Enum.GetValues<StaffRole>().Where(role => role != StaffRole.Auditor))
        {
            foreach (var scope in Scopes.All)
            {
                var holds = StaffAtDoors.ScopesOf(role).Contains(scope);
                Assert.Equal(holds, Passes(role, "GET", scope));
                Assert.Equal(holds, Passes(role, "POST", scope));
            }
        }
    }

    [Theory]
    [InlineData("", "ana@example.com", "Owner")]
    [InlineData("nandu", "", "Owner")]
    [InlineData("nandu", "ana@example.com", "")]
    [InlineData("nandu", "ana@example.com", "Chief")]
    [InlineData("nandu", "ana@example.com", "99")]
    public void A_credential_that_lacks_seller_member_or_a_known_role_is_nobody(string seller, string email, string role) =>
        Assert.Null(StaffAtDoors.Member(Credential(seller, email, role)));

    private static bool Passes(StaffRole role, string method, string scope)
    {
        var member = StaffAtDoors.Member(Credential("nandu", "ana@example.com", role.ToString()))!;
        var http = new DefaultHttpContext { User = member };
        http.Request.Method = method;
        return StaffAtDoors.MayPass(new AuthorizationHandlerContext([], member, http), [scope]);
    }

    private static ClaimsPrincipal Credential(string seller, string email, string role) =>
        new(new ClaimsIdentity([new Claim("seller", seller), new Claim("staff", email), new Claim("role", role)], "test"));
}
