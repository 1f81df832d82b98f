using AkkaScale.Node.Options;

namespace AkkaScale.Tests.Unit.Node;

public sealed class SettingsListTests
{
    [Fact]
    public void Settings_show_what_nodes_must_share_and_nothing_that_gives_access()
    {
        var options = new AkkaScaleOptions();
        (options.Store.ConnectionString, options.Management.TokenFile) = ("Host=x;Password=open-sesame", "open-sesame");

        var settings = SettingsList.Of(options);

        Assert.Equal("00:00:02", settings["Cluster:TimeToLive"]);
        Assert.Equal("00:00:08", settings["Sharding:Allocation:QuietFor"]);
        Assert.Equal("127.0.0.1:8080", settings["Node:GatewayBind"]);
        Assert.DoesNotContain(settings, setting => setting.Value.Contains("sesame", StringComparison.Ordinal));
        Assert.DoesNotContain(settings.Keys, name => name.StartsWith("Management", StringComparison.Ordinal));
    }
}
