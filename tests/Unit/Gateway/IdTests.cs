using AkkaScale.Gateway.Ids;

namespace AkkaScale.Tests.Unit.Gateway;

/// <summary>Ids as they come over the wire: raw request targets, which no HTTP client would leave as they are.</summary>
public sealed class IdTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    private static readonly string Longest = string.Concat(Enumerable.Repeat("%F0%9F%98%80", 255));

    public static TheoryData<string> Refused =>
    [
        "", ".", "..", "%2e", "%2E%2e", ".%2e", "a%2fb", "a%2Fb", "%2f", "..%2f..%2fusers", "a%5cb", "a\\b", "..\\x",
        "a%252fb", "%252e%252e", "a%255cb", "%25%32%66", "a%2", "a%", "%zz", "%u0041",
        "a%0Ab", "a%0d%0aSet-Cookie:x", "a%1b[31m", "%7f", "%C2%85", "a%09b",
        "%FF", "%C0%AF", "%C0%80", "%ED%A0%80", "%F5%80%80%80", "%E2%82", "%80",
        "e%CC%81", "%E2%84%AB", "%E1%84%80%E1%85%A1", "%CC%88%CC%A3",
        new('a', 256), string.Concat(Enumerable.Repeat("%F0%9F%98%80", 256)),
    ];

    public static TheoryData<string, string> Taken => new()
    {
        { "a", "a" }, { "%61", "a" }, { "...", "..." }, { ".a", ".a" }, { "a+b", "a+b" }, { "a%20b", "a b" }, { "a%25", "a%" }, { "100%25!", "100%!" },
        { "%C3%A9", "é" }, { "%F0%9F%98%80", "😀" }, { "';DROP%20TABLE%20journal;--", "';DROP TABLE journal;--" }, { "a:b@c$&'()*,=", "a:b@c$&'()*,=" },
        { "%3F%23", "?#" }, { "{id}", "{id}" }, { "%D0%B0", "а" }, { "%EA%B0%80", "가" }, { "<b>\"|^`", "<b>\"|^`" }, { "a;v=1", "a;v=1" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_raw_id_that_breaks_a_rule_is_refused_and_reaches_no_entity(string raw)
    {
        var asked = host.Entities.Asked.Count;
        foreach (var target in new[] { $"/tasks/{raw}", $"http://127.0.0.1:{host.Port}/tasks/{raw}", $"/users/{raw}?x=1" })
        {
            (await RawAsync("GET", target)).ExpectProblem(400, "request/id");
        }

        (await RawAsync("POST", $"/tasks/{raw}/start")).ExpectProblem(400, "request/id");
        (await RawAsync("PUT", $"/projects/p/members/{raw}")).ExpectProblem(400, "request/id");
        Assert.Equal(asked, host.Entities.Asked.Count);
    }

    [Theory]
    [MemberData(nameof(Taken))]
    public async Task A_raw_id_is_decoded_exactly_once(string raw, string id)
    {
        (await RawAsync("GET", $"/users/{raw}")).ExpectProblem(404, "user/not-found");
        Assert.Equal(id, host.Entities.Asked.Last().Entity.Id);
        (await RawAsync("GET", $"http://127.0.0.1:{host.Port}/users/{raw}")).ExpectProblem(404, "user/not-found");
        Assert.Equal(id, host.Entities.Asked.Last().Entity.Id);
    }

    [Fact]
    public async Task The_longest_id_in_its_longest_spelling_is_taken_twice_in_one_target()
    {
        (await RawAsync("GET", $"/users/{Longest}")).ExpectProblem(404, "user/not-found");
        (await RawAsync("DELETE", $"/projects/{Longest}/members/{Longest}")).ExpectProblem(404, "project/not-found");
        Assert.Equal(255 * 2, host.Entities.Asked.Last().Entity.Id.Length);
    }

    [Theory]
    [InlineData("/tasks/../users/x")]
    [InlineData("/tasks/x/../y")]
    [InlineData("/tasks/x/%2e%2e/y/start")]
    [InlineData("/../tasks/x")]
    [InlineData("/tasks/a%2fstart")]
    [InlineData("/tasks/x%2f..%2fy/start")]
    [InlineData("/tasks\\x/y/z/a/b")]
    [InlineData("/%2e/tasks")]
    public async Task A_path_that_plays_with_segments_reaches_no_other_route(string target)
    {
        var asked = host.Entities.Asked.Count;
        (await RawAsync("POST", target)).ExpectProblem(400, "request/id");
        Assert.Equal(asked, host.Entities.Asked.Count);
    }

    [Theory]
    [InlineData("/t%61sks/x")]
    [InlineData("//tasks/x")]
    [InlineData("/tasks/x/start/")]
    [InlineData("/tasks/x//start")]
    [InlineData("/tasks%2fx")]
    public async Task Fixed_segments_have_one_spelling(string target)
    {
        var refused = await RawAsync("POST", target);
        Assert.Contains(refused.Text("code"), new[] { "request/no-such-route", "request/id" });
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/users/x")]
    [InlineData("/users/x#y")]
    public async Task A_target_that_is_no_path_is_malformed(string target) =>
        Assert.Equal(400, (await RawAsync("GET", target)).Status);

    [Fact]
    public async Task NUL_in_a_target_is_refused_by_the_server_itself()
    {
        Assert.Equal(400, (await RawAsync("GET", "/users/a%00b")).Status);
        Assert.Equal(400, (await RawAsync("GET", "/users/a\0b")).Status);
        Assert.Equal(400, (await RawAsync("GET", "/users/\u00e9")).Status);
    }

    [Fact]
    public async Task The_query_is_no_part_of_the_id()
    {
        (await RawAsync("GET", "/users/q1?/../x")).ExpectProblem(404, "user/not-found");
        Assert.Equal("q1", host.Entities.Asked.Last().Entity.Id);
    }

    [Fact]
    public async Task OPTIONS_of_the_server_tells_all_methods()
    {
        var answer = (await RawAsync("OPTIONS", "*")).Expect(204);
        Assert.Equal("DELETE, GET, HEAD, OPTIONS, POST, PUT", answer.Header("Allow"));
    }

    [Fact]
    public void A_lone_surrogate_is_no_id()
    {
        Assert.NotNull(EntityId.Fault("a\ud800"));
        Assert.NotNull(EntityId.Fault("\udc00a"));
        Assert.Null(EntityId.Fault("a\ud83d\ude00"));
    }

    [Fact]
    public void Derived_ids_are_what_they_were()
    {
        // Whoever changes these makes every retry across the change a second command.
        Assert.Equal("21ad35c9-be2e-807b-99fd-e98b531aab9d", DerivedId.OfEntity("akkascale", "ann", "task", "key-1").ToString());
        Assert.Equal("1b34be34-214b-8654-a0e5-8166dd8b79b3", DerivedId.OfCommand("task", "t-1", "ann", "key-1").ToString());
    }

    [Fact]
    public void Derived_ids_differ_when_any_part_does_and_no_two_cuts_of_one_text_are_alike()
    {
        Guid[] ids =
        [
            DerivedId.OfCommand("task", "t", "ann", "k"), DerivedId.OfCommand("user", "t", "ann", "k"), DerivedId.OfCommand("task", "u", "ann", "k"),
            DerivedId.OfCommand("task", "t", "bob", "k"), DerivedId.OfCommand("task", "t", "ann", "l"), DerivedId.OfCommand("task", "ta", "nn", "k"),
            DerivedId.OfCommand("tas", "kt", "ann", "k"), DerivedId.OfEntity("task", "t", "ann", "k"),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-", id.ToString()));
    }

    private Task<HttpAnswer> RawAsync(string method, string target) => RawConnection.ExchangeAsync(
        host, $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{host.Port}\r\nX-Acting-User: ann\r\nContent-Length: 0\r\n\r\n");
}
