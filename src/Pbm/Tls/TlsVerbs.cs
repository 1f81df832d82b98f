using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Tls;

/// <summary>`pbm tls …`: asks no node; makes the files of Tls:CertificateFile, Tls:KeyFile and Tls:AuthorityFile.</summary>
internal static class TlsVerbs
{
    private const string AuthorityFile = "ca.pem";
    private const string AuthorityKeyFile = "ca-key.pem";

    private static readonly Option<string> Cluster = new("--cluster") { Description = "Name of the cluster (Cluster:Name).", DefaultValueFactory = _ => "akkascale" };
    private static readonly Option<string> Directory = new("--dir") { Description = "Where the files are.", DefaultValueFactory = _ => "tls" };
    private static readonly Argument<string> Node = new("node") { Description = "Name of the node, and of its files." };
    private static readonly Option<string[]> Hosts = new("--host") { Description = "Host or address under which others reach the node; may be repeated.", AllowMultipleArgumentsPerToken = true, Required = true };

    public static Command Create(GlobalOptions global)
    {
        var authorityDays = Days(3650);
        var create = new Command("create-ca", "Makes a cluster's certificate authority, for development. Keep its key where no node is.") { Cluster, Directory, authorityDays };
        HelpWithExamples.Register(create, "pbm tls create-ca --cluster akkascale --dir tls");
        create.SetAction(parsed => CreateAuthority(parsed, parsed.GetValue(authorityDays), global));
        var nodeDays = Days(90);
        var issue = new Command("issue", "Makes a node's certificate and key with that authority.") { Node, Hosts, Cluster, Directory, nodeDays };
        HelpWithExamples.Register(issue, "pbm tls issue node-1 --host 10.0.0.5 --host node-1.example");
        issue.SetAction(parsed => Issue(parsed, parsed.GetValue(nodeDays), global));
        return new Command("tls", "Certificates for mutual TLS between nodes.") { create, issue };
    }

    private static Option<int> Days(int standard)
    {
        var days = new Option<int>("--days") { Description = "How long it is good.", DefaultValueFactory = _ => standard };
        days.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var count) && count is < 1 or > 36_500)
            {
                result.AddError("--days must be 1 to 36500");
            }
        });
        return days;
    }

    private static int CreateAuthority(ParseResult parsed, int days, GlobalOptions global)
    {
        var (cluster, directory) = (parsed.GetRequiredValue(Cluster), parsed.GetRequiredValue(Directory));
        System.IO.Directory.CreateDirectory(directory);
        var (file, keyFile) = (Path.Combine(directory, AuthorityFile), Path.Combine(directory, AuthorityKeyFile));
        RefuseToReplace(file, keyFile);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject($"{cluster} cluster authority"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(days));
        Write(file, authority, keyFile, key);
        var made = new MadeAuthority(cluster, file, keyFile, Convert.ToHexStringLower(authority.GetCertHash(HashAlgorithmName.SHA256)), authority.NotAfter.ToUniversalTime());
        var screen = new Screen(parsed.GetValue(global.Json), parsed.GetValue(global.NoColor));
        if (screen.Json)
        {
            screen.WriteJson(made, TlsJson.Default.MadeAuthority);
            return ExitCode.Ok;
        }

        screen.WriteLine($"authority     {made.AuthorityFile}, good until {made.Ends:yyyy-MM-dd}: for every node (Tls:AuthorityFile)");
        screen.WriteLine($"its key       {made.KeyFile}: for no node; whoever has it can join the cluster", Color.Yellow);
        screen.WriteLine($"fingerprint   {made.Fingerprint}");
        return ExitCode.Ok;
    }

    private static int Issue(ParseResult parsed, int days, GlobalOptions global)
    {
        var (node, cluster, directory, hosts) =
            (parsed.GetRequiredValue(Node), parsed.GetRequiredValue(Cluster), parsed.GetRequiredValue(Directory), parsed.GetRequiredValue(Hosts));
        if (node.Length is 0 or > 60 || node.StartsWith('.') || node.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')) || node is "ca" or "ca-key")
        {
            throw new UsageException("the node's name must have 1 to 60 letters, digits, dots, - and _, and not be \"ca\"");
        }

        using var authority = Authority(directory);
        var (file, keyFile) = (Path.Combine(directory, $"{node}.pem"), Path.Combine(directory, $"{node}-key.pem"));
        RefuseToReplace(file, keyFile);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(node), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        request.CertificateExtensions.Add(Names(cluster, hosts));
        var ends = DateTimeOffset.UtcNow.AddDays(days);
        ends = ends < authority.NotAfter ? ends : authority.NotAfter;
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddMinutes(-5), ends, RandomNumberGenerator.GetBytes(16));
        Write(file, certificate, keyFile, key);
        var made = new MadeCertificate(node, cluster, hosts, file, keyFile, certificate.NotAfter.ToUniversalTime());
        var screen = new Screen(parsed.GetValue(global.Json), parsed.GetValue(global.NoColor));
        if (screen.Json)
        {
            screen.WriteJson(made, TlsJson.Default.MadeCertificate);
            return ExitCode.Ok;
        }

        screen.WriteLine($"certificate   {made.CertificateFile}, good until {made.Ends:yyyy-MM-dd}: Tls:CertificateFile of {node}");
        screen.WriteLine($"its key       {made.KeyFile}: Tls:KeyFile of {node}, and of no other", Color.Yellow);
        return ExitCode.Ok;
    }

    private static X509Certificate2 Authority(string directory)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(Path.Combine(directory, AuthorityFile), Path.Combine(directory, AuthorityKeyFile));
        }
        catch (Exception error) when (error is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new UsageException($"{Path.Combine(directory, AuthorityFile)} and {AuthorityKeyFile} cannot be used ({error.Message.TrimEnd('.')}); `pbm tls create-ca --dir {directory}` makes them");
        }
    }

    /// <summary>By the last a certificate belongs to a cluster, see docs/security.md.</summary>
    private static X509Extension Names(string cluster, IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (System.Net.IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else if (Uri.CheckHostName(host) == UriHostNameType.Dns)
            {
                names.AddDnsName(host);
            }
            else
            {
                throw new UsageException($"\"{host}\" is no host name and no address");
            }
        }

        names.AddDnsName($"{cluster}.akkascale.internal");
        return names.Build();
    }

    private static X500DistinguishedName Subject(string name)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        return subject.Build();
    }

    private static void RefuseToReplace(params string[] files)
    {
        if (files.FirstOrDefault(File.Exists) is { } there)
        {
            throw new UsageException($"{there} is there already: name another --dir, or move it away");
        }
    }

    /// <summary>The key first, readable by its owner alone from the beginning.</summary>
    private static void Write(string file, X509Certificate2 certificate, string keyFile, ECDsa key)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(keyFile, options))
        {
            writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
        }

        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n");
    }
}

internal sealed record MadeAuthority(string Cluster, string AuthorityFile, string KeyFile, string Fingerprint, DateTime Ends);

internal sealed record MadeCertificate(string Node, string Cluster, IReadOnlyList<string> Hosts, string CertificateFile, string KeyFile, DateTime Ends);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MadeAuthority))]
[JsonSerializable(typeof(MadeCertificate))]
internal sealed partial class TlsJson : JsonSerializerContext;
