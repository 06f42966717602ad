import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.analysis.common.CommonAnalysisModulePlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * {@code Node HOME}: one OpenSearch node with its data in HOME, on free ports of 127.0.0.1.
 *
 * <p>Prints {@code VERSION PORT} when it answers, and closes when its standard input ends: it never outlives its parent.
 */
public class Node extends org.opensearch.node.Node {
    private static final String NAME = "rex-bench";

    private Node(Settings settings, Path config) {
        super(
                InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), config, () -> NAME),
                List.of(plugin(Netty4ModulePlugin.class), plugin(CommonAnalysisModulePlugin.class)),
                true);
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            System.err.println("usage: Node HOME");
            System.exit(2);
        }
        Path home = Path.of(arguments[0]);
        Path config = Files.createDirectories(home.resolve("config"));
        Settings settings = Settings.builder()
                .put("cluster.name", NAME)
                .put("node.name", NAME)
                .put("path.home", home)
                .put("network.host", "127.0.0.1")
                .put("http.port", "0")
                .put("transport.port", "0")
                .put("discovery.type", "single-node")
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .build();
        Node node = new Node(settings, config);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
        node.start();
        InetSocketAddress address =
                node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().address();
        System.out.println(Version.CURRENT + " " + address.getPort());
        while (System.in.read() >= 0) {}
        System.exit(0);
    }

    private static PluginInfo plugin(Class<? extends Plugin> plugin) {
        String version = Version.CURRENT.toString();
        return new PluginInfo(
                plugin.getSimpleName(), "", version, Version.CURRENT, "21", plugin.getName(), null, List.of(), false);
    }

    private static void close(Node node) {
        try {
            node.close();
        } catch (IOException error) {
            System.err.println("cannot close: " + error.getMessage());
        }
    }
}
