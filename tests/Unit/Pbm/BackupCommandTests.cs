namespace AkkaScale.Tests.Unit.Pbm;

public sealed class BackupCommandTests : IDisposable
{
    private const string Embedded = """{"store":"sqlite","bytes":12,"lines":[],"settings":[]}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Both_files_get_their_names_and_nothing_else_is_left()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/store/backup"] = Embedded;
        var file = Path.Combine(_folder.Path, "monday.db");

        var (exit, output, errors) = await PbmProcess.RunAsync("backup", file, "--by", "ada", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Equal(["monday.db", "monday.db.members"], Files());
        Assert.Equal(Embedded, await File.ReadAllTextAsync(file));
        Assert.Contains($"{Embedded.Length} bytes", output, StringComparison.Ordinal);
        Assert.Equal(["journal", "members"], stub.Requests.Where(request => request.StartsWith("POST", StringComparison.Ordinal))
            .Select(request => request.Contains("\"journal\"", StringComparison.Ordinal) ? "journal" : "members"));
    }

    [Theory]
    [InlineData("monday.db")]
    [InlineData("monday.db.members")]
    public async Task A_file_that_is_there_is_not_touched_and_nobody_is_asked(string there)
    {
        await using var stub = await StubManagement.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, there), "mine");

        var (exit, _, errors) = await PbmProcess.RunAsync("backup", Path.Combine(_folder.Path, "monday.db"), "--node", stub.Address);

        Assert.Equal(2, exit);
        Assert.Contains("is there already", errors, StringComparison.Ordinal);
        Assert.Equal([there], Files());
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task A_disk_that_is_full_leaves_no_file_under_any_name()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/store/backup"] = """{"store":"sqlite","bytes":12,"lines":[],"settings":[""" + new string(' ', 200_000) + "]}";
        // A limit of the size of files; without the other setting the runtime itself would need a larger one.
        var script = $"ulimit -f 64; export DOTNET_EnableWriteXorExecute=0; exec dotnet '{Path.Combine(AppContext.BaseDirectory, "AkkaScale.Pbm.dll")}' backup '{Path.Combine(_folder.Path, "monday.db")}' --node {stub.Address}";
        using var bash = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("bash", ["-c", $"trap '' XFSZ; {script}"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = await bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.True(bash.ExitCode == 1, $"exit {bash.ExitCode}: {errors}");
        Assert.Contains("there is no backup", errors, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task For_PostgreSQL_the_lines_are_printed_and_nothing_is_copied()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/store/backup"] =
            """{"store":"postgres","bytes":null,"lines":["pg_dump -h db"],"settings":[{"name":"wal_level","value":"minimal","word":"wrong","says":"set replica"}]}""";

        var (exit, output, _) = await PbmProcess.RunAsync("backup", Path.Combine(_folder.Path, "monday.db"), "--node", stub.Address);

        Assert.Equal(1, exit);
        Assert.Contains("pg_dump -h db", output, StringComparison.Ordinal);
        Assert.Contains("wal_level minimal wrong set replica", output, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Theory]
    [InlineData(true, 0, "it can be used")]
    [InlineData(false, 1, "it cannot be used")]
    public async Task A_check_says_what_is_in_it_and_whether_it_can_be_used(bool isUsable, int expected, string says)
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/store/check"] =
            $$"""{"part":"journal","usable":{{(isUsable ? "true" : "false")}},"bytes":3,"problems":[],"events":474,"entities":1,"snapshots":0,"leases":18,"violations":[{{(isUsable ? "" : """{"invariant":"I2","entity":"task/t-1","detail":"a gap"}""")}}]}""";
        var file = _folder.Write("monday.db", "abc");

        var (exit, output, errors) = await PbmProcess.RunAsync("restore", "--check", file, "--node", stub.Address);

        Assert.True(exit == expected, errors);
        Assert.Contains("474 events of 1 entity, 0 snapshots, 18 leases", output, StringComparison.Ordinal);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.Contains(".members is not there", output, StringComparison.Ordinal);
        Assert.Equal("POST /store/check application/octet-stream abc", stub.Requests.Single());
        Assert.Equal(2, (await PbmProcess.RunAsync("restore", "--check", file + "x", "--node", stub.Address)).ExitCode);
        Assert.Equal(2, (await PbmProcess.RunAsync("restore", "--node", stub.Address)).ExitCode);
    }

    private string[] Files() => [.. Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
