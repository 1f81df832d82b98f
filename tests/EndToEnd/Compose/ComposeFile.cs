using System.Globalization;
using AkkaScale.Tests.Support;
using YamlDotNet.Serialization;

namespace AkkaScale.Tests.EndToEnd.Compose;

/// <summary>What the compose file says of a service, as docker-compose itself understands the file.</summary>
/// <param name="Restarts">Whether its container is started again whenever it ends by itself.</param>
/// <param name="StopSignal">"SIGTERM", say.</param>
/// <param name="StopGracePeriod">After the stop signal; then the container is killed.</param>
internal sealed record ComposeService(
    string Name, IReadOnlyDictionary<string, string> Environment, bool Restarts, string StopSignal, TimeSpan StopGracePeriod);

internal static class ComposeFile
{
    public const string Program = "docker-compose";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <param name="secrets">What an operator writes into .env.</param>
    public static async Task<IReadOnlyDictionary<string, ComposeService>> ReadAsync(IReadOnlyDictionary<string, string> secrets)
    {
        var run = await ProgramRun.ExecuteAsync(InstalledProgram.Find(Program)!, ["-f", "docker-compose.yml", "config"], Bound, secrets);
        Assert.True(run.ExitCode == 0, run.ToString());
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(run.Output);
        return Map(file["services"]).ToDictionary(service => service.Key, service => Service(service.Key, Map(service.Value)));
    }

    private static ComposeService Service(string name, Dictionary<string, object> given) => new(
        name,
        given.TryGetValue("environment", out var environment) ? Map(environment).ToDictionary(each => each.Key, each => $"{each.Value}") : [],
        given["restart"] is "unless-stopped",
        $"{given["stop_signal"]}",
        Seconds($"{given["stop_grace_period"]}"));

    private static Dictionary<string, object> Map(object yaml) =>
        ((Dictionary<object, object>)yaml).ToDictionary(each => $"{each.Key}", each => each.Value);

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture));
}
