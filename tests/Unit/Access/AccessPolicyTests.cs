using AkkaScale.Management.Access;

namespace AkkaScale.Tests.Unit.Access;

public sealed class AccessPolicyTests
{
    private static readonly string[] Changes = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "SPAM"];

    [Theory]
    [InlineData("/alive")]
    [InlineData("/ready")]
    [InlineData("/startup")]
    [InlineData("/console")]
    [InlineData("/console/app.js")]
    public void Probes_and_the_consoles_files_are_open_to_everybody(string path)
    {
        Assert.Null(Policy(AccessRole.None).Judge(Get(path)).Refusal);
        Assert.Null(Policy(AccessRole.None).Judge(Get(path) with { Authorization = "Bearer wrong" }).Refusal);
        Assert.Equal(401, Policy(AccessRole.None).Judge(Get(path) with { Method = "POST" }).Refusal?.Status);
    }

    [Fact]
    public void What_an_engine_opens_is_open_for_reading_and_nothing_beside_it()
    {
        var policy = new AccessPolicy(SomeTokens.Of(), AccessRole.None, "/bootstrap/seed-nodes");
        Assert.Null(policy.Judge(Get("/bootstrap/seed-nodes")).Refusal);
        Assert.Equal(401, policy.Judge(Get("/bootstrap/seed-nodes") with { Method = "POST" }).Refusal?.Status);
        Assert.Equal(401, policy.Judge(Get("/bootstrap/seed-nodes/x")).Refusal?.Status);
        Assert.Equal(401, Policy(AccessRole.None).Judge(Get("/bootstrap/seed-nodes")).Refusal?.Status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/consoles")]
    [InlineData("/console.json")]
    [InlineData("/alive/x")]
    [InlineData("/metrics")]
    [InlineData("/audit")]
    [InlineData("/console%2f..%2faudit")]
    public void Everything_else_is_not(string path) =>
        Refused(401, "access/token-needed", Policy(AccessRole.None).Judge(Get(path)));

    [Fact]
    public void A_viewer_reads_and_changes_nothing()
    {
        var policy = Policy(AccessRole.None);
        Allowed("vera", AccessRole.Viewer, policy.Judge(Get("/orders") with { Authorization = "Bearer viewers-token" }));
        Allowed("vera", AccessRole.Viewer, policy.Judge(Get("/orders") with { Method = "HEAD", Authorization = "Bearer viewers-token" }));
        Assert.All(Changes, method =>
            Refused(403, "access/operator-needed", policy.Judge(Get("/orders") with { Method = method, Authorization = "Bearer viewers-token" })));
    }

    [Fact]
    public void What_is_marked_for_operators_a_viewer_does_not_even_read()
    {
        var read = Get("/nodes/node-1/log") with { NeedsOperator = true };
        Refused(403, "access/operator-needed", Policy(AccessRole.None).Judge(read with { Authorization = "Bearer viewers-token" }));
        Refused(401, "access/token-needed", Policy(AccessRole.Viewer).Judge(read));
        Allowed("otto", AccessRole.Operator, Policy(AccessRole.None).Judge(read with { Authorization = "Bearer operators-token" }));
    }

    [Fact]
    public void An_operator_does_both_whatever_the_host_and_the_origin()
    {
        var request = Get("/orders") with { Authorization = "bearer  operators-token ", Host = "evil.example", Authority = "evil.example", Origin = "http://other.example" };
        Allowed("otto", AccessRole.Operator, Policy(AccessRole.Operator).Judge(request));
        Assert.All(Changes, method => Allowed("otto", AccessRole.Operator, Policy(AccessRole.Operator).Judge(request with { Method = method })));
    }

    [Theory]
    [InlineData("Bearer no-such-token")]
    [InlineData("Bearer ")]
    [InlineData("Bearer")]
    [InlineData("")]
    [InlineData("Basic b3R0bzpvcGVyYXRvcnMtdG9rZW4=")]
    [InlineData("operators-token")]
    [InlineData("Bearer operators-token,Bearer viewers-token")]
    [InlineData("Bearer OPERATORS-TOKEN")]
    public void A_wrong_token_is_refused_also_where_none_is_needed(string authorization) =>
        Refused(401, "access/token-wrong", Policy(AccessRole.Operator).Judge(Get("/orders") with { Authorization = authorization }));

    [Fact]
    public void Without_a_token_one_has_the_role_of_anonymous()
    {
        Allowed("anonymous", AccessRole.Viewer, Policy(AccessRole.Viewer).Judge(Get("/orders")));
        Allowed("anonymous", AccessRole.Operator, Policy(AccessRole.Operator).Judge(Get("/orders") with { Method = "POST" }));
        Assert.All(Changes, method => Refused(401, "access/token-needed", Policy(AccessRole.Viewer).Judge(Get("/orders") with { Method = method })));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LocalHost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.3.2.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("", false)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("0.0.0.0", false)]
    public void Without_a_token_the_host_must_be_this_machine(string host, bool isLocal)
    {
        var refusal = Policy(AccessRole.Viewer).Judge(Get("/orders") with { Host = host, Authority = host }).Refusal;
        Assert.Equal(isLocal ? null : "access/host-not-local", refusal?.Code);
        Assert.Null(Policy(AccessRole.Viewer).Judge(Get("/ready") with { Host = host, Authority = host }).Refusal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("http://127.0.0.1:8558", true)]
    [InlineData("http://127.0.0.1:8559", false)]
    [InlineData("https://127.0.0.1:8558", false)]
    [InlineData("http://evil.example", false)]
    [InlineData("null", false)]
    public void Without_a_token_a_page_of_another_site_changes_nothing(string? origin, bool isOwn)
    {
        var request = Get("/cluster/members") with { Method = "POST", Origin = origin };
        Assert.Equal(isOwn ? null : "access/origin-foreign", Policy(AccessRole.Operator).Judge(request).Refusal?.Code);
        Assert.Null(Policy(AccessRole.Operator).Judge(request with { Method = "GET" }).Refusal);
    }

    private static AccessPolicy Policy(AccessRole anonymous) => new(SomeTokens.Of(("vera", "viewer", "viewers-token"), ("otto", "operator", "operators-token")), anonymous);

    private static AccessRequest Get(string path) => new("GET", path, "127.0.0.1", "127.0.0.1:8558", null, null);

    private static void Allowed(string who, AccessRole role, AccessVerdict verdict)
    {
        Assert.Null(verdict.Refusal);
        Assert.Equal((who, role), (verdict.Who, verdict.Role));
    }

    private static void Refused(int status, string code, AccessVerdict verdict) => Assert.Equal((status, code), (verdict.Refusal?.Status, verdict.Refusal?.Code));
}
