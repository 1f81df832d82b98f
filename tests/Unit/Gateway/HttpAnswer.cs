using System.Text.Json;

namespace AkkaScale.Tests.Unit.Gateway;

/// <summary>An answer, read whole.</summary>
/// <param name="Headers">Of message and content; names compare without case.</param>
internal sealed record HttpAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? ETag => Header("ETag");

    public long Version => Json.GetProperty("version").GetInt64();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public string? Text(string member) => Json.GetProperty(member).GetString();

    public HttpAnswer Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Body}");
        return this;
    }

    /// <summary>A problem in full form with this code.</summary>
    public HttpAnswer ExpectProblem(int status, string code)
    {
        Expect(status);
        Assert.Equal("application/problem+json", Header("Content-Type"));
        Assert.Equal(code, Text("code"));
        Assert.Equal($"urn:akkascale:problem:{code}", Text("type"));
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.NotEqual("", Text("title"));
        Assert.NotEqual("", Text("detail"));
        return this;
    }

    public static async Task<HttpAnswer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
        await response.Content.ReadAsStringAsync());
}
