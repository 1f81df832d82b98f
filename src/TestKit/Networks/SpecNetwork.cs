using System.Globalization;

namespace AkkaScale.TestKit.Networks;

/// <summary>
/// A network of namespaces on this machine, for specs of what is cut: hosts that reach each other, the store's address and the test, until a
/// spec takes that away. What is cut is lost without a word, as on a network that fails; nobody gets an error. Needs Linux, root and ip(8).
/// </summary>
/// <remarks>
/// Two switches in a namespace of their own, one for traffic between hosts and with the test, one for the store, with addresses from the ranges that are
/// set aside for measuring networks (198.18.n.0/24 and 198.19.n.0/24). Hosts are cut from each other by a neighbour entry that leads nowhere, from
/// the store by taking down the switch's end of their cable. Removing the namespaces removes everything.
/// </remarks>
public sealed class SpecNetwork : IAsyncDisposable
{
    private const string Nowhere = "02:00:00:00:00:01";
    private const string Prefix = "akkascale-";

    private static readonly Lazy<string?> Reason = new(FindReason);
    private static int _made;

    private readonly List<SpecHost> _hosts = [];
    private readonly List<string> _namespaces = [];
    private readonly string _tag;
    private readonly string _hub;
    private readonly int _subnet;

    private SpecNetwork(string tag, int subnet) => (_tag, _hub, _subnet) = (tag, $"{Prefix}{tag}-hub", subnet);

    /// <summary>Why there can be no such network here, for a test's reason to be skipped; null if there can.</summary>
    public static string? WhyNot => Reason.Value;

    /// <summary>The address of the test's side under which hosts reach a store; cut by <see cref="CutStoreAsync"/>.</summary>
    public string StoreAddress => $"198.19.{_subnet}.1";

    public IReadOnlyList<SpecHost> Hosts => _hosts;

    /// <summary>The address that the host has, or will have, which is added as the number-th; for certificates that must be there before it.</summary>
    /// <param name="number">1, 2, …</param>
    public string AddressOf(int number) => $"198.18.{_subnet}.{number + 10}";

    /// <exception cref="SpecFailedException">This machine does not permit it.</exception>
    public static async Task<SpecNetwork> CreateAsync()
    {
        if (WhyNot is { } reason)
        {
            throw new SpecFailedException(reason);
        }

        return await MakeAsync();
    }

    /// <summary>Adds a host that reaches everything.</summary>
    public async Task<SpecHost> AddHostAsync(string name)
    {
        var number = _hosts.Count + 1;
        var host = new SpecHost(name, number, $"{Prefix}{_tag}-{number}", AddressOf(number));
        await MakeNamespaceAsync(host.Namespace);
        await CableAsync(host.Namespace, "peers", $"{host.Address}/24", $"p{number}", "peers");
        await CableAsync(host.Namespace, "store", $"198.19.{_subnet}.{number + 10}/24", $"s{number}", "store");
        _hosts.Add(host);
        return host;
    }

    /// <summary>From now on nothing that one sends reaches the other; both still reach everything else.</summary>
    public async Task CutAsync(SpecHost one, SpecHost other)
    {
        await LeadNowhereAsync(one, other);
        await LeadNowhereAsync(other, one);
    }

    public async Task HealAsync(SpecHost one, SpecHost other)
    {
        await ForgetAsync(one, other);
        await ForgetAsync(other, one);
    }

    /// <summary>From now on nothing that <paramref name="from"/> sends reaches <paramref name="to"/>; the other direction is left as it is.</summary>
    public Task CutOneWayAsync(SpecHost from, SpecHost to) => LeadNowhereAsync(from, to);

    public Task HealOneWayAsync(SpecHost from, SpecHost to) => ForgetAsync(from, to);

    /// <summary>From now on nothing passes between the host and the store's address.</summary>
    public Task CutStoreAsync(SpecHost host) => IpCommand.RunAsync("-n", _hub, "link", "set", $"s{host.Number}", "down");

    public Task HealStoreAsync(SpecHost host) => IpCommand.RunAsync("-n", _hub, "link", "set", $"s{host.Number}", "up");

    /// <summary>Removes every namespace, also when some of it was never made. End the processes that run there first.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var made in _namespaces)
        {
            await IpCommand.TryAsync("netns", "del", made);
        }
    }

    /// <summary>The namespace with the switches.</summary>
    internal string Hub => _hub;

    /// <summary>What <paramref name="from"/> sends to <paramref name="to"/> goes to another network card, which may pass it on.</summary>
    internal static Task LeadThroughAsync(SpecHost from, SpecHost to, string card) =>
        IpCommand.RunAsync("-n", from.Namespace, "neigh", "replace", to.Address, "lladdr", card, "dev", "peers", "nud", "permanent");

    /// <summary>Adds a network card that is nobody's to the switch between hosts.</summary>
    /// <returns>Its index in namespace <see cref="Hub"/>, and its address.</returns>
    internal async Task<(int Index, string Card)> AddCardAsync(string name)
    {
        await IpCommand.RunAsync("-n", _hub, "link", "add", $"{name}p", "type", "veth", "peer", "name", name);
        await IpCommand.RunAsync("-n", _hub, "link", "set", $"{name}p", "master", "peers", "up");
        await IpCommand.RunAsync("-n", _hub, "link", "set", name, "up");
        return await CardAsync(_hub, name);
    }

    /// <summary>The address of a host's network card.</summary>
    internal static async Task<string> CardOfAsync(SpecHost host) => (await CardAsync(host.Namespace, "peers")).Card;

    private static async Task<(int Index, string Card)> CardAsync(string space, string device)
    {
        // "7: peers@if8: <…> mtu 1500 …\    link/ether 02:… brd ff:…"
        var words = (await IpCommand.RunAsync("-n", space, "-o", "link", "show", "dev", device)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (int.Parse(words[0].TrimEnd(':'), CultureInfo.InvariantCulture), words[Array.IndexOf(words, "link/ether") + 1]);
    }

    private static async Task<SpecNetwork> MakeAsync()
    {
        await RemoveStrayAsync();
        var number = Interlocked.Increment(ref _made);
        var tag = $"{Environment.ProcessId}-{number}";
        for (var attempt = 0; ; attempt++)
        {
            // Other test runs of this machine choose from the same ranges: what is taken is passed over.
            var network = new SpecNetwork(tag, (Environment.ProcessId + number + (attempt * 7)) % 256);
            try
            {
                await network.MakeHubAsync();
                return network;
            }
            catch (SpecFailedException) when (attempt < 8)
            {
                await network.DisposeAsync();
            }
            catch
            {
                await network.DisposeAsync();
                throw;
            }
        }
    }

    private async Task MakeHubAsync()
    {
        var taken = await IpCommand.RunAsync("-4", "-o", "address", "show");
        if (taken.Contains($"198.18.{_subnet}.", StringComparison.Ordinal) || taken.Contains($"198.19.{_subnet}.", StringComparison.Ordinal))
        {
            throw new SpecFailedException($"The networks 198.18.{_subnet}.0/24 and 198.19.{_subnet}.0/24 are in use on this machine.");
        }

        await MakeNamespaceAsync(_hub);
        foreach (var bridge in new[] { "peers", "store" })
        {
            await IpCommand.RunAsync("-n", _hub, "link", "add", bridge, "type", "bridge");
            await IpCommand.RunAsync("-n", _hub, "link", "set", bridge, "up");
        }

        await CableAsync(null, $"ak{_subnet}p", $"198.18.{_subnet}.1/24", "testp", "peers");
        await CableAsync(null, $"ak{_subnet}s", $"{StoreAddress}/24", "tests", "store");
    }

    private async Task MakeNamespaceAsync(string name)
    {
        await IpCommand.RunAsync("netns", "add", name);
        _namespaces.Add(name);
        await IpCommand.RunAsync("-n", name, "link", "set", "lo", "up");
    }

    /// <summary>A cable from a namespace (null: the test's own) to a switch of the hub.</summary>
    private async Task CableAsync(string? space, string end, string address, string port, string bridge)
    {
        string[] there = space is null ? [] : ["-n", space];
        await IpCommand.RunAsync("-n", _hub, "link", "add", port, "type", "veth", "peer", "name", end, "netns", space ?? $"{Environment.ProcessId}");
        await IpCommand.RunAsync("-n", _hub, "link", "set", port, "master", bridge, "up");
        await IpCommand.RunAsync([.. there, "address", "add", address, "dev", end]);
        await IpCommand.RunAsync([.. there, "link", "set", end, "up"]);
    }

    private static Task LeadNowhereAsync(SpecHost from, SpecHost to) => LeadThroughAsync(from, to, Nowhere);

    private static Task ForgetAsync(SpecHost from, SpecHost to) =>
        IpCommand.RunAsync("-n", from.Namespace, "neigh", "del", to.Address, "dev", "peers");

    /// <summary>What a test run that was killed left behind.</summary>
    private static async Task RemoveStrayAsync()
    {
        foreach (var line in (await IpCommand.RunAsync("netns", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = line.Split(' ')[0];
            if (name.StartsWith(Prefix, StringComparison.Ordinal)
                && int.TryParse(name[Prefix.Length..].Split('-')[0], out var owner)
                && !Directory.Exists($"/proc/{owner}"))
            {
                await IpCommand.TryAsync("netns", "del", name);
            }
        }
    }

    private static string? FindReason()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "Network namespaces need Linux and root: run as root to include this test.";
        }

        try
        {
            return Task.Run(async () =>
            {
                await using var network = await MakeAsync();
                await network.AddHostAsync("probe");
                return (string?)null;
            }).GetAwaiter().GetResult();
        }
        catch (SpecFailedException failure)
        {
            return $"This machine does not permit network namespaces: {failure.Message}";
        }
    }
}
